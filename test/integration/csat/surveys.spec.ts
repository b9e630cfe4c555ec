import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startDesk, type Answered, type Desk } from '../../support/desk.js';
import { startNats, type OwnServer } from '../../support/servers.js';
import { until } from '../../support/until.js';
import { Heard } from './heard.js';

let nats: OwnServer;
let desk: Desk;
let heard: Heard;

beforeAll(async () => {
  nats = await startNats();
  desk = await startDesk({ server: { settings: { NATS_URL: nats.url } } });
  heard = await Heard.from(nats.url);
}, 60_000);
afterAll(async () => {
  await heard?.close();
  await desk?.close();
  await nats?.stop();
});

type Json = Answered['body'];
interface Talk {
  readonly id: string;
  readonly userId: string;
  readonly externalId: string;
  readonly sessionId: string;
}

/** A new user writes, and the desk takes over where it is to be rated. */
async function talk({ human = true } = {}): Promise<Talk> {
  const conversation = await desk.conversation();
  const { id, externalId } = conversation;
  await good(desk.user(externalId).post(`/conversations/${id}/messages`, { content: { type: 'text', text: 'help' } }));
  if (human) await good(desk.app.post(`/conversations/${id}/passControl`, { switchboardIntegration: 'desk' }));
  const [session] = (await desk.app.get(`/sessions?filter[userId]=${conversation.userId}`)).body.sessions;
  return { ...conversation, sessionId: session.id };
}
async function good(answer: Promise<Answered>): Promise<Json> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}
const agentEnds = ({ sessionId }: Talk) => good(desk.agent.call.post(`/sessions/${sessionId}/end`));
const messagesOf = async ({ id, externalId }: Talk): Promise<Json[]> =>
  (await good(desk.user(externalId).get(`/conversations/${id}/messages`))).messages;
const surveyOf = async ({ sessionId }: Talk): Promise<Json> =>
  (await good(desk.app.get(`/surveys?filter[sessionId]=${sessionId}`))).surveys[0];
const surveyThat = (one: Talk, status: string): Promise<Json> =>
  until(
    async () => {
      const survey = await surveyOf(one);
      return survey?.status === status && survey;
    },
    { timeoutMs: 15_000, what: `a survey that is ${status}` },
  );
const settings = (csat: object) => good(desk.app.patch('', { settings: { csat } }));
const usual = {
  mode: 'customizable',
  sendOn: ['agent_ended', 'end_user_ended', 'ticket_solved'],
  afterSilence: false,
  waitSeconds: 0,
  expirySeconds: 604_800,
  delivery: 'in_channel',
  form: { scale: 'stars5', comment: true, languages: {} },
};
/** Settings are read at most two seconds late where nothing is decided under a lock. */
const settle = async (csat: object): Promise<void> => {
  await settings({ ...usual, ...csat });
};

const answers = (formId: string, score: number | string, comment?: string) => ({
  content: {
    type: 'formResponse',
    fields: [
      { type: 'select', name: 'score', select: [{ name: String(score) }], quotedMessageId: formId },
      ...(comment === undefined ? [] : [{ type: 'text', name: 'comment', text: comment, quotedMessageId: formId }]),
    ],
  },
});

describe('a survey in the conversation', () => {
  it('A-4 follows an end by the agent, once, also when the ticket is solved later', async () => {
    const one = await talk();
    await agentEnds(one);
    const survey = await surveyThat(one, 'sent');
    const form = (await messagesOf(one)).at(-1);
    expect(form).toMatchObject({
      id: survey.formId,
      author: { type: 'business' },
      source: { type: 'system' },
      content: { type: 'form', submitted: false, fields: [{ type: 'select', name: 'score' }, { type: 'text' }] },
    });
    const { answers: _ } = await good(desk.app.get(`/sessions/${one.sessionId}`));
    await good(desk.app.send('PUT', `/sessions/${one.sessionId}/ticket`, { id: 'T-1', status: 'solved' }));
    await heard.event('ticket.changed', one.id);

    // Another session behind it: what was heard before it has been dealt with.
    const other = await talk();
    await agentEnds(other);
    await surveyThat(other, 'sent');
    expect((await messagesOf(one)).filter(({ content }: Json) => content.type === 'form')).toHaveLength(1);
    expect(await surveyOf(one)).toMatchObject({ id: survey.id, status: 'sent' });
    expect(heard.of('survey.posted', one.id)).toHaveLength(1);
  });

  it('A-4 follows the solved ticket where the end was not to be surveyed', async () => {
    await settle({ sendOn: ['ticket_solved'] });
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    const one = await talk();
    await agentEnds(one);
    expect(await surveyThat(one, 'suppressed')).toMatchObject({ suppressedBecause: 'not_in_send_on' });
    await good(desk.app.send('PUT', `/sessions/${one.sessionId}/ticket`, { id: 'T-2', status: 'solved' }));
    expect(await surveyThat(one, 'sent')).toMatchObject({ suppressedBecause: null, kind: 'agent' });
    await settle({});
  });
});
