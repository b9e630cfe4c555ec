import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConversationCommands, type Errand } from '../../../src/conversation/index.js';
import { startDesk, text, userText, type Answered, type Caller, type Desk } from '../../support/desk.js';
import { keepUnderWay, sendEvenly, type Flood } from '../../support/flood.js';
import { until } from '../../support/until.js';

/** Who floods is refused, and nobody else: counted, not timed. How late the others are is measured by `npm run bench`. */
const ROUNDS = 8;
const PATIENCE = 120_000;

let desk: Desk;
/** Commands of the platform itself that were not taken. */
const refusedOfThePlatform: unknown[] = [];

beforeAll(async () => {
  // What the ledger bounds is tried here; the limit on an end user's calls has a spec of its own.
  desk = await startDesk({ server: { settings: { SWITCHBOARD_USER_CALLS_PER_MINUTE: '0' } } });
  watchThePlatform(desk.started.app.get(ConversationCommands));
});
afterAll(() => desk?.close());

function watchThePlatform(commands: ConversationCommands): void {
  for (const name of ['run', 'runIn'] as const) {
    const real = commands[name].bind(commands) as (errand: Errand, ...rest: never[]) => Promise<unknown>;
    Object.assign(commands, {
      [name]: (errand: Errand, ...rest: never[]) => {
        const answer = real(errand, ...rest);
        if (errand.by.type === 'system') answer.catch((error: unknown) => refusedOfThePlatform.push(error));
        return answer;
      },
    });
  }
}

interface Place {
  readonly id: string;
  readonly userId: string;
  readonly externalId: string;
}

const at = ({ id }: Place, action: string): string => `/conversations/${id}/${action}`;

/** One after the other: what holder, app key and end user do, and an offer that nobody accepts in time. */
async function live(place: Place, refused: (what: string, answer: Answered) => void): Promise<void> {
  const note = async (what: string, answer: Promise<Answered>): Promise<Answered> => {
    const given = await answer;
    if (given.status >= 300) refused(what, given);
    return given;
  };
  const strict = { prefer: 'handling=strict' };
  for (let round = 0; round < ROUNDS; round++) {
    await note('end user', desk.app.post(at(place, 'messages'), userText(place.userId, 'hello')));
    await note('holder', desk.bot.call.post(at(place, 'messages'), text('hello')));
    const listed = await note('list', desk.app.get(`/sessions?filter[userId]=${place.userId}&filter[status]=ACTIVE`));
    await note('end', desk.app.post(`/sessions/${listed.body.sessions[0]?.id}/end`));
    await note('pass', desk.app.post(at(place, 'passControl'), { switchboardIntegration: 'desk' }, strict));
    await note('new holder', desk.agent.call.post(at(place, 'messages'), text('mine')));
    await note('pass back', desk.app.post(at(place, 'passControl'), { switchboardIntegration: 'bot' }, strict));
  }
  const offer = { switchboardIntegration: 'desk', expiresInSeconds: 1 };
  // A session begins: of one that is over nothing is offered.
  await note('end user', desk.app.post(at(place, 'messages'), userText(place.userId, 'hello again')));
  await note('offer', desk.bot.call.post(at(place, 'offerControl'), offer, strict));
  const pending = async (): Promise<unknown> =>
    (await desk.app.get(`/conversations/${place.id}`)).body.conversation.pendingSwitchboardIntegration;
  expect(await pending()).toBeDefined();
  await until(async () => (await pending()) === undefined, { what: 'the offer to expire' });
}

/** An end user who has been here with their token before: what a first visit writes down takes turns of its own. */
async function visitor({ externalId }: Place): Promise<Caller> {
  const user = desk.user(externalId);
  await user.get('/conversations');
  return user;
}

async function refusedBeside(place: Place, flood: Flood): Promise<readonly string[]> {
  const refused: string[] = [];
  try {
    await live(place, (what, { status, body }) => refused.push(`${what}: ${status} ${JSON.stringify(body)}`));
  } finally {
    await flood.stop();
  }
  return refused;
}

describe('while somebody floods a conversation, nobody else is refused there', () => {
  it(
    'a bot that does not hold it sends 300 messages a second: it is told that it does not hold it',
    async () => {
      const place = await desk.conversation();
      const flood = sendEvenly(300, () => desk.survey.call.post(at(place, 'messages'), text('let me in')));
      expect(await refusedBeside(place, flood)).toEqual([]);
      expect([...flood.statuses.keys()].every((status) => status === 409 || status === 429)).toBe(true);
      expect(flood.statuses.get(409)).toBeGreaterThan(0);
      expect(refusedOfThePlatform).toEqual([]);
    },
    PATIENCE,
  );

  it(
    'a bot that does not hold it keeps 60 under way, each with an idempotency key: no two are refused together',
    async () => {
      const place = await desk.conversation();
      let n = 0;
      const send = () =>
        desk.survey.call.post(at(place, 'messages'), text('let me in'), { 'idempotency-key': `${place.id}-${n++}` });
      const flood = keepUnderWay(60, send);
      expect(await refusedBeside(place, flood)).toEqual([]);
      expect([...flood.statuses.keys()].toSorted()).toEqual([409, 429]);
      expect(refusedOfThePlatform).toEqual([]);
    },
    PATIENCE,
  );

  it(
    'an end user keeps 60 requests under way: some of these are taken, the rest refused',
    async () => {
      const place = await desk.conversation();
      const user = await visitor(place);
      const words = { content: { type: 'text', text: 'hello?' } };
      const flood = keepUnderWay(60, () => user.post(at(place, 'messages'), words));
      expect(await refusedBeside(place, flood)).toEqual([]);
      expect([...flood.statuses.keys()].toSorted()).toEqual([201, 429]);
      expect(refusedOfThePlatform).toEqual([]);
    },
    PATIENCE,
  );

  it(
    'an end user keeps 60 ends under way, which go before what is said: the others have their turns',
    async () => {
      const place = await desk.conversation();
      const user = await visitor(place);
      const flood = keepUnderWay(60, () => user.post(at(place, 'end'), { confirmed: true }));
      const refused: string[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const answer = await desk.bot.call.post(at(place, 'messages'), text('hello'));
        if (answer.status >= 300) refused.push(JSON.stringify(answer.body));
      }
      await flood.stop();
      expect(refused).toEqual([]);
      expect(flood.statuses.get(429)).toBeGreaterThan(0);
    },
    PATIENCE,
  );
});
