import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Db } from '../../../src/platform/postgres/index.js';
import { newId } from '../../../src/platform/ids.js';
import { MAY_READ, READER_KINDS, readersOf, says, type ReaderKind, type Readers } from '../../support/readers.js';
import { pathOf, servedRoutes, type ServedRoute } from '../../support/routes.js';
import { rows } from '../tenancy/authorization.rows.js';
import { openStage, type Caller, type Json, type Stage } from '../tenancy/stage.js';
import { unbound } from '../../support/unbound.js';

/** How a route that agents may call shows what they may read. */
type Rule =
  /** It is about the conversation, its session or its end user: 200 or 404. */
  | 'one'
  /** Its list has the conversation's entry, or not; the query that asks for it. */
  | { readonly list: string; readonly query: (readers: Readers) => string }
  /** Nothing of end users is in it; who may, the authorization matrix says. */
  | 'no end user';

const list = (key: string, query: (readers: Readers) => string = () => ''): Rule => ({ list: key, query });

const RULES: Readonly<Record<string, Rule>> = {
  'GET /v2/apps/:appId/conversations/:conversationId': 'one',
  'GET /v2/apps/:appId/conversations/:conversationId/participants': 'one',
  'GET /v2/apps/:appId/conversations/:conversationId/timeline': 'one',
  'GET /v2/apps/:appId/conversations/:conversationId/messages': 'one',
  'GET /v2/apps/:appId/sessions/:sessionId': 'one',
  'GET /v2/apps/:appId/sessions/:sessionId/messages': 'one',
  'GET /v2/apps/:appId/sessions/:sessionId/actions': 'one',
  'GET /v2/apps/:appId/users/:user': 'one',
  'GET /v2/apps/:appId/users/:user/clients': 'one',
  'GET /v2/apps/:appId/users/:user/devices': 'one',
  'GET /v2/apps/:appId/users/:user/devices/:deviceId': 'no end user',
  'GET /v2/apps/:appId/conversations': list('conversations', ({ user }) => `filter[userId]=${user.id}`),
  'GET /v2/apps/:appId/users': list('users', ({ user }) => `filter[identities.email]=${user.email}`),
  'GET /v2/apps/:appId/sessions': list('sessions', ({ user }) => `filter[userId]=${user.id}`),
  'GET /v2/apps/:appId/surveys': list('surveys'),
  'GET /v2/apps/:appId/surveys/export': list('export'),
  'GET /v2/apps/:appId/csat/scores': list('scores'),
  'GET /v2/apps/:appId': 'no end user',
  'GET /v2/apps/:appId/audit': 'no end user',
  'GET /v2/apps/:appId/audit/export': 'no end user',
  'GET /v2/apps/:appId/audit/verify': 'no end user',
  'GET /v2/apps/:appId/agents': 'no end user',
  'GET /v2/apps/:appId/agents/:agentId': 'no end user',
  'GET /v2/apps/:appId/agents/:agentId/capacity': 'no end user',
  'GET /v2/apps/:appId/agents/:agentId/keys': 'no end user',
  'GET /v2/apps/:appId/agents/:agentId/keys/:keyId': 'no end user',
  // Whose work it is decides (test/integration/agents).
  'GET /v2/apps/:appId/agents/:agentId/work-items': 'no end user',
  'GET /v2/apps/:appId/agents/:agentId/work-items/:workItemId': 'no end user',
  'GET /v2/apps/:appId/queues': 'no end user',
  'GET /v2/apps/:appId/queues/:queueId': 'no end user',
  'GET /v2/apps/:appId/serviceChannels': 'no end user',
  'GET /v2/apps/:appId/serviceChannels/:channelId': 'no end user',
  'GET /v2/apps/:appId/routing/waiting': 'no end user',
};

/** The survey is about the work of the owner, which is of their team. */
const RATED: ReadonlySet<ReaderKind> = new Set<ReaderKind>(['owner', 'supervisorOfTeam', 'supervisor', 'admin']);

let stage: Stage;
let own: Readers;
let foreign: Readers;
let routes: readonly ServedRoute[] = [];
beforeAll(async () => {
  stage = await openStage({
    prepare: (app) => {
      routes = servedRoutes(app);
    },
  });
  own = await readersOf(stage, 'own');
  foreign = await readersOf(stage, 'foreign');
  for (const readers of [own, foreign]) await rate(readers);
}, 60_000);
afterAll(() => stage?.close());

/** A survey about the owner's session, as if it had ended and been answered. */
async function rate({ tenant, conversationId, sessionId, user, agents }: Readers): Promise<void> {
  const survey = {
    id: newId(),
    app_id: tenant.id,
    conversation_id: conversationId,
    session_id: sessionId,
    user_id: user.id,
    status: 'answered',
    channel_hint: 'link',
    ended_by: 'agent',
    end_reason: 'agent_ended',
    agent_id: agents.owner.id,
    asking: JSON.stringify({ scale: 'stars5', words: { locale: 'en' } }),
    score: 5,
    created_at: new Date(),
    sent_at: new Date(),
    answered_at: new Date(),
  };
  await unbound(stage.started.app.get(Db)).insertInto('survey').values(survey).execute();
}

const idsOf = ({ tenant, conversationId, sessionId, user }: Readers) => ({
  appId: tenant.id,
  conversationId,
  sessionId,
  user: user.id,
});

/** Everybody who may call for the app, and whether they read the conversation. */
function callers({ agents, tenant, bot }: Readers): readonly (readonly [string, Caller, boolean, boolean])[] {
  return [
    ['account key', stage.account, true, true],
    ['app key', tenant.caller, true, true],
    ['integration key', bot.caller, true, false],
    ...READER_KINDS.map((kind) => [kind, agents[kind].caller, MAY_READ.has(kind), RATED.has(kind)] as const),
  ];
}

/** How many entries there are; of a CSV, lines behind its head. */
const sizeOf = (body: Json, key: string): number =>
  key === 'export' ? String(body).trim().split('\n').length - 1 : body[key].length;

describe('what end users said and who they are', () => {
  it('has a rule for every GET that agents may call, and no other', () => {
    const open = routes
      .filter(({ method }) => method === 'GET')
      .map(({ method, path }) => `${method} ${path}`)
      .filter((route) => rows[route]?.allow.includes('agent'));
    expect(open.toSorted()).toEqual(Object.keys(RULES).toSorted());
  });

  const ones = Object.entries(RULES).filter(([, rule]) => rule === 'one');
  it.each(ones)('%s: is read by who may, and is not there for others', async (route) => {
    const [method = '', path = ''] = route.split(' ');
    const named = path.endsWith('/actions') ? `?filter[agentId]=${own.agents.owner.id}` : '';
    const target = pathOf({ method, path }, idsOf(own)) + named;
    const seen: [string, number][] = [];
    const wanted: [string, number][] = [];
    for (const [name, caller, reads] of callers(own)) {
      // The actions of an agent are no bot's to read.
      if (name === 'integration key' && path.endsWith('/actions')) continue;
      seen.push([name, (await caller.get(target)).status]);
      wanted.push([name, reads ? 200 : 404]);
    }
    expect(seen).toEqual(wanted);
  });

  it.each(ones)("%s: another app's is not there, whoever asks, and no key of another app comes in", async (route) => {
    const [method = '', path = ''] = route.split(' ');
    const named = path.endsWith('/actions') ? `?filter[agentId]=${own.agents.owner.id}` : '';
    const crossed = pathOf({ method, path }, { ...idsOf(foreign), appId: own.tenant.id }) + named;
    for (const [name, caller] of callers(own)) {
      if (name === 'integration key' && path.endsWith('/actions')) continue;
      expect([name, (await caller.get(crossed)).status]).toEqual([name, 404]);
    }
    for (const [name, caller] of callers(foreign).slice(1)) {
      const { status } = await caller.get(pathOf({ method, path }, idsOf(own)) + named);
      expect([name, status]).toEqual([name, 403]);
    }
  });

  const lists = Object.entries(RULES).flatMap(([route, rule]) =>
    typeof rule === 'object' ? [[route, rule] as const] : [],
  );
  it.each(lists)('%s: tells of what the caller may read', async (route, { list: key, query }) => {
    const [method = '', path = ''] = route.split(' ');
    const ofSurveys = ['surveys', 'export', 'scores'].includes(key);
    const target = `${pathOf({ method, path }, idsOf(own))}?${query(own)}`;
    for (const [name, caller, reads, rated] of callers(own)) {
      if (ofSurveys && name === 'integration key') continue;
      const { status, body } = await caller.get(target);
      const may = ofSurveys ? rated : reads;
      if (key === 'conversations' && !may) expect([name, status]).toEqual([name, 404]);
      else expect([name, status, sizeOf(body, key) > 0]).toEqual([name, 200, may]);
    }
  });

  it('is there for an agent who is asked as long as they are asked, and for one who looks on as long as they do', async () => {
    const readers = await readersOf(stage, 'passing');
    const { tenant, agents, sessionId, conversationId, workItemId } = readers;
    const session = `${tenant.path}/sessions/${sessionId}`;
    const reads = async (kind: ReaderKind) =>
      (await agents[kind].caller.get(`${tenant.path}/conversations/${conversationId}/messages`)).status;
    expect(await Promise.all([reads('asked'), reads('observer'), reads('owner')])).toEqual([200, 200, 200]);
    await agents.asked.caller.post(`${session}/decline`, { workItemId });
    await tenant.caller.post(`${session}/observe`, { agentId: agents.observer.id, present: false });
    expect(await Promise.all([reads('asked'), reads('observer'), reads('owner')])).toEqual([404, 404, 200]);
    expect((await agents.owner.caller.post(`${session}/end`, {})).status).toBe(200);
    expect(await reads('owner')).toBe(200);
  });

  it('reaches back to earlier conversations of the end user, not to later ones nor to others', async () => {
    const { tenant, agents, earlierId, conversationId, laterId, user } = own;
    const one = async (kind: ReaderKind, id: string) =>
      (await agents[kind].caller.get(`${tenant.path}/conversations/${id}/messages`)).status;
    const told = async (kind: ReaderKind, query: string): Promise<string[]> =>
      (await agents[kind].caller.get(`${tenant.path}/${query}`)).body;
    for (const kind of ['owner', 'asked', 'observer', 'supervisorOfTeam'] as const) {
      expect([kind, await one(kind, earlierId), await one(kind, laterId)]).toEqual([kind, 200, 404]);
      const { conversations } = (await told(kind, `conversations?filter[userId]=${user.id}`)) as Json;
      expect(conversations.map(({ id }: Json) => id)).toEqual([earlierId, conversationId]);
      const { sessions } = (await told(kind, 'sessions')) as Json;
      expect(sessions.map((each: Json) => each.conversationId)).toEqual([earlierId, conversationId]);
    }
    expect([await one('other', earlierId), await one('supervisor', laterId)]).toEqual([404, 200]);
  });

  it('is the transcript of one session by that session, with pages of its own', async () => {
    const { tenant, agents, sessionId, conversationId, user } = await readersOf(stage, 'sessions');
    const session = `${tenant.path}/sessions/${sessionId}`;
    const { caller } = agents.owner;
    const all = async (): Promise<Json[]> =>
      (await caller.get(`${tenant.path}/conversations/${conversationId}/messages`)).body.messages;
    await caller.post(`${session}/messages`, { text: 'Hello, what is it?' });
    const first = await all();
    expect((await caller.get(`${session}/messages`)).body.messages).toEqual(first);
    await caller.post(`${session}/end`, {});
    await says(tenant.caller, tenant.path, conversationId, user.id);
    const [words, later] = [(await caller.get(`${session}/messages`)).body.messages, (await all()).at(-1)];
    expect(words.slice(0, first.length)).toEqual(first);
    expect(words.map(({ id }: Json) => id)).not.toContain(later.id);
    expect((await caller.get(`${session}/messages?page[before]=${words.at(-1).id}`)).status).toBe(200);
    expect((await caller.get(`${session}/messages?page[before]=${later.id}`)).status).toBe(400);
  });
});

describe('who answers a survey', () => {
  it('is no agent: none of them is told the link', async () => {
    const { tenant, agents } = own;
    const kysely = unbound(stage.started.app.get(Db));
    const until = new Date(Date.now() + 3_600_000);
    const open = { status: 'sent', expires_at: until } as const;
    await kysely.updateTable('survey').set(open).where('app_id', '=', tenant.id).execute();
    const link = async (caller: Caller): Promise<string | null> =>
      (await caller.get(`${tenant.path}/surveys`)).body.surveys[0].link;
    expect(await link(tenant.caller)).toContain('/surveys/');
    for (const kind of RATED) expect([kind, await link(agents[kind].caller)]).toEqual([kind, null]);
  });
});
