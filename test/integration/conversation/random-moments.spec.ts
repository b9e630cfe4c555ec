import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { Db } from '../../../src/platform/postgres/index.js';
import { basic, Caller, startDesk, text, userText, type Answered, type Desk } from '../../support/desk.js';
import { wordsInRecord } from '../../support/record-check.js';
import { until } from '../../support/until.js';

/** Conversations that are taken over, handed on, deleted under and ended; `npm run deep` asks for 10,000. */
const ROUNDS = Number(process.env['SWITCHBOARD_TEST_MOMENTS'] ?? 120);
const SEED = Number(process.env['SWITCHBOARD_TEST_SEED'] ?? Date.now() % 1_000_000);
const AT_ONCE = 20;
/** Every so many rounds a place on the switchboard is deleted under the conversations that it holds. */
const DELETION_EVERY = 2;
/** So many rounds leave their sessions to live on under what later ones do, before all that still live are ended. */
const END_ALL_EVERY = 25;

interface Talk {
  readonly id: string;
  readonly userId: string;
  readonly externalId: string;
  readonly sessionId: string;
}

/** An agent with a key of their own. */
interface Colleague {
  readonly id: string;
  readonly call: Caller;
}

describe(`${ROUNDS} conversations at random moments (seed ${SEED})`, () => {
  let desk: Desk;
  let sql: Client;
  const random = generator(SEED);
  const chance = (share: number): boolean => random() < share;
  const statuses = new Map<string, number>();
  const agents: Colleague[] = [];
  /** Comes onto the switchboard, is given conversations, and goes from there. */
  let passing: Awaited<ReturnType<Desk['guest']>>;
  /** An agent of another app on the same server. */
  let foreigner = '';
  let workspace = { link: '', integrationId: '' };

  beforeAll(async () => {
    const settings = { endSessionEnabled: true, disableConversationReopen: true, agentsCanEnd: true };
    desk = await startDesk({ settings, switchboard: { partingSeconds: 300 } });
    sql = new Client({ connectionString: desk.started.app.get(Db).url });
    await sql.connect();
    await good(desk.app.patch(linkPath(desk.bot.id), { nextSwitchboardIntegrationId: null }));
    await openWorkspace();
    passing = await desk.guest('passing');
    foreigner = await agentOfAnotherApp();
    while (agents.length < 3) agents.push(await hired());
  }, 60_000);
  afterAll(async () => {
    await sql?.end();
    await desk?.close();
  });

  const linkPath = (id?: string): string =>
    `/switchboards/${desk.switchboardId}/switchboardIntegrations${id === undefined ? '' : `/${id}`}`;

  const good = async (answer: Promise<Answered>): Promise<Answered['body']> => {
    const { status, body } = await answer;
    if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body;
  };

  /** Any answer will do, but none that says that the server does not know what to do. */
  async function tried(answer: Promise<Answered>): Promise<void> {
    const { status } = await answer;
    statuses.set(`${status}`, (statuses.get(`${status}`) ?? 0) + 1);
  }

  async function openWorkspace(): Promise<void> {
    const made = await good(desk.app.post(linkPath(), { name: 'people', integrationType: 'zd:agentWorkspace' }));
    workspace = { link: made.switchboardIntegration.id, integrationId: made.switchboardIntegration.integrationId };
  }

  async function hired(): Promise<Colleague> {
    const { agent } = await good(desk.app.post('/agents', { displayName: 'Mia', limits: { primary: 100 } }));
    const { key } = await good(desk.app.post(`/agents/${agent.id}/keys`, { displayName: 'Mia' }));
    const call = desk.as(key);
    await good(call.post('/agents/me/login', { connection: 'one', status: 'online' }));
    return { id: agent.id, call };
  }

  async function agentOfAnotherApp(): Promise<string> {
    const account = new Caller(`${desk.started.url}/v2/apps`, basic(desk.started.accountKey));
    const { app } = await good(account.post('', { displayName: 'another' }));
    return (await good(account.post(`/${app.id}/agents`, { displayName: 'Mia of another app' }))).agent.id;
  }

  async function talk(): Promise<Talk> {
    const made = await desk.conversation();
    await good(desk.app.post(`/conversations/${made.id}/messages`, userText(made.userId, 'help')));
    const { sessions } = await good(desk.app.get(`/sessions?filter[userId]=${made.userId}`));
    return { ...made, sessionId: sessions[0].id };
  }

  /** What happens to a conversation; each at its own moment, all at once. */
  function deeds({ id, userId, externalId, sessionId }: Talk): readonly (() => Promise<void>)[] {
    const at = (path: string): string => `/conversations/${id}/${path}`;
    const says = (who: Caller) => () => tried(who.post(at('messages'), text('words')));
    const passes = (who: Caller, to: string) => () =>
      tried(who.post(at('passControl'), { switchboardIntegration: to }));
    const agent = agents[Math.floor(random() * agents.length)]!;
    const agentSays = () => tried(agent.call.post(`/sessions/${sessionId}/messages`, { text: 'words' }));
    const own = [
      ...Array.from({ length: 4 }, () => says(desk.bot.call)),
      says(desk.agent.call),
      says(desk.agent.call),
      passes(desk.agent.call, 'desk'),
      passes(desk.bot.call, 'desk'),
      passes(desk.bot.call, 'people'),
      () => tried(desk.app.post(`/sessions/${sessionId}/assign`, { agentId: agent.id })),
      () => tried(desk.app.post(`/sessions/${sessionId}/assign`, { agentId: foreigner })),
      () => tried(agent.call.post(`/sessions/${sessionId}/transfer`, { agentId: foreigner })),
      agentSays,
      agentSays,
      () => tried(desk.agent.call.post('/sessions', { conversationId: id, text: 'words' })),
      () => tried(desk.survey.call.post(at('messages'), userText(userId, 'as you'))),
      () => tried(desk.survey.call.delete(at('messages'))),
    ];
    const ends = [
      () => tried(desk.user(externalId).post(`/conversations/${id}/end`, { confirmed: true })),
      () => tried(desk.app.post(`/sessions/${sessionId}/end`, {})),
      () => tried(agent.call.post(`/sessions/${sessionId}/end`, {})),
      passes(desk.bot.call, 'desk'),
    ];
    return [...own.filter(() => chance(0.6)), ...(chance(0.5) ? ends : [])];
  }

  async function round(talks: readonly Talk[]): Promise<void> {
    const all = talks.flatMap(deeds).toSorted(() => random() - 0.5);
    const running: Promise<void>[] = [];
    for (const deed of all) {
      running.push(deed());
      // So that later deeds meet what earlier ones have done.
      if (chance(0.2)) await running[Math.floor(random() * running.length)];
    }
    await Promise.all(running);
  }

  /** Some conversations are given to a bot that is deleted, or their people are, while all of them are under way. */
  async function withDeletion(talks: readonly Talk[]): Promise<void> {
    if (chance(0.5)) {
      const gone = workspace.link;
      await Promise.all([round(talks), good(desk.app.delete(linkPath(gone)))]);
      await openWorkspace();
      return;
    }
    const { integrationId, call } = passing;
    const { switchboardIntegration } = await good(desk.app.post(linkPath(), { name: 'passing', integrationId }));
    const pass = { switchboardIntegration: 'passing' };
    await Promise.all(talks.map(({ id }) => tried(desk.app.post(`/conversations/${id}/passControl`, pass))));
    await Promise.all([
      round(talks),
      good(desk.app.delete(linkPath(switchboardIntegration.id))),
      ...talks.map(({ id }) => tried(call.post(`/conversations/${id}/messages`, text('still me')))),
    ]);
  }

  const counted = async (query: string): Promise<number> => (await sql.query<{ n: number }>(query)).rows[0]?.n ?? -1;

  it(
    'nobody speaks out of turn, nothing that is closed is held, and every session ends once',
    async () => {
      for (let done = 0, n = 0; done < ROUNDS; done += AT_ONCE, n += 1) {
        const talks = await Promise.all(Array.from({ length: AT_ONCE }, talk));
        await (n % DELETION_EVERY === 0 ? withDeletion(talks) : round(talks));
        if ((n + 1) % END_ALL_EVERY === 0) await endAll();
      }
      await until(
        async () => (await counted('SELECT count(*)::int AS n FROM removal WHERE finished_at IS NULL')) === 0,
        {
          what: 'what was deleted to be settled',
          timeoutMs: 60_000 + ROUNDS * 10,
        },
      );
      const standing = `SELECT count(*)::int AS n FROM conversation c
        WHERE c.state -> 'control' ->> 'active' IS NOT NULL
          AND NOT EXISTS (SELECT FROM switchboard_integration l WHERE l.id = c.state -> 'control' ->> 'active')`;
      expect(await counted(standing)).toBe(0);
      await endAll();

      const words = await wordsInRecord(sql);
      expect(words.outOfTurn).toEqual([]);
      expect(words.inTurn).toBeGreaterThan(ROUNDS);
      expect(words.parting).toBeGreaterThan(0);
      expect(await counted(CLOSED_AND_HELD)).toBe(0);
      expect(await counted(ENDED_OTHERWISE_THAN_ONCE)).toBe(0);
      for (const [name, query] of Object.entries(JOINS_TWO_APPS))
        expect([name, await counted(query)]).toEqual([name, 0]);
      expect([...statuses.keys()].filter((status) => status >= '500')).toEqual([]);
    },
    120_000 + ROUNDS * 400,
  );

  /** What still lives ends by an app key; somebody's end may be quicker. */
  async function endAll(): Promise<void> {
    const { rows } = await sql.query<{ id: string }>('SELECT id FROM session WHERE ended_at IS NULL');
    for (let n = 0; n < rows.length; n += AT_ONCE) {
      const some = rows.slice(n, n + AT_ONCE);
      await Promise.all(some.map(({ id }) => good(desk.app.post(`/sessions/${id}/end`, {}))));
    }
  }
});

const CLOSED_AND_HELD = `SELECT count(*)::int AS n FROM conversation
  WHERE state ->> 'lifecycle' = 'closedToEndUser' AND state -> 'control' ->> 'status' <> 'released'`;

/** Each has one end in the record and one announced. Counted once for all: the outbox has no index for one session. */
const ENDED_OTHERWISE_THAN_ONCE = `SELECT count(*)::int AS n FROM session s
  LEFT JOIN (SELECT data ->> 'sessionId' AS id, count(*) AS times FROM event WHERE type = 'sessionEnded' GROUP BY 1) recorded
    ON recorded.id = s.id
  LEFT JOIN (SELECT body::jsonb -> 'data' ->> 'sessionId' AS id, count(*) AS times FROM outbox
             WHERE subject LIKE '%session.ended.%' GROUP BY 1) announced ON announced.id = s.id
  WHERE recorded.times IS DISTINCT FROM 1 OR announced.times IS DISTINCT FROM 1`;

const JOINS_TWO_APPS = {
  'work and agent': `SELECT count(*)::int AS n FROM work_item w JOIN agent a ON a.id = w.agent_id WHERE a.app_id <> w.app_id`,
  'work and session': `SELECT count(*)::int AS n FROM work_item w JOIN session s ON s.id = w.session_id WHERE s.app_id <> w.app_id`,
  'session and conversation': `SELECT count(*)::int AS n FROM session s JOIN conversation c ON c.id = s.conversation_id WHERE c.app_id <> s.app_id`,
  'conversation and user': `SELECT count(*)::int AS n FROM conversation c JOIN app_user u ON u.id = c.user_id WHERE u.app_id <> c.app_id`,
} as const;

/** Numbers from 0 to 1 that follow from the seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
