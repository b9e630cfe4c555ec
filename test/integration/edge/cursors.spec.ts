import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { newId } from '../../../src/platform/ids.js';
import { Db } from '../../../src/platform/postgres/index.js';
import { furnish, idsFor, type Furnished } from '../../support/furnished.js';
import { pathOf, servedRoutes, type ServedRoute } from '../../support/routes.js';
import { unbound } from '../../support/unbound.js';
import { made, openStage, refusal, type Answer, type Json, type Stage } from '../tenancy/stage.js';

/** Lists with pages, by what their query asks for; each has a record in both apps. */
const LISTS: Readonly<Record<string, (of: Furnished) => string>> = {
  '/v2/apps/:appId/audit': () => '',
  '/v2/apps/:appId/agents': () => '',
  '/v2/apps/:appId/agents/:agentId/work-items': () => '',
  '/v2/apps/:appId/conversations': ({ ids }) => `filter[userId]=${ids.user}`,
  '/v2/apps/:appId/conversations/:conversationId/messages': () => '',
  '/v2/apps/:appId/conversations/:conversationId/participants': () => '',
  '/v2/apps/:appId/conversations/:conversationId/timeline': () => '',
  '/v2/apps/:appId/integrations': () => '',
  '/v2/apps/:appId/queues': () => '',
  '/v2/apps/:appId/removals': () => '',
  '/v2/apps/:appId/routing/loads': () => '',
  '/v2/apps/:appId/routing/waiting': () => '',
  '/v2/apps/:appId/serviceChannels': () => '',
  '/v2/apps/:appId/sessions': () => '',
  '/v2/apps/:appId/sessions/:sessionId/messages': () => '',
  '/v2/apps/:appId/surveys': () => '',
  '/v2/apps/:appId/webhooks/:webhookId/deadLetters': () => '',
  '/client/v1/apps/:appId/conversations': () => '',
  '/client/v1/apps/:appId/conversations/:conversationId/messages': () => '',
};

/** The account's apps are of no app, and nobody has clients. */
const OTHERS = ['/v2/apps', '/v2/apps/:appId/users/:user/clients'];

let stage: Stage;
let own: Furnished;
let other: Furnished;
let routes: readonly ServedRoute[] = [];
beforeAll(async () => {
  stage = await openStage({
    prepare: (app) => {
      routes = servedRoutes(app);
    },
  });
  [own, other] = [await furnish(stage, 'own'), await furnish(stage, 'other')];
  for (const furnished of [own, other]) await complete(furnished);
}, 90_000);
afterAll(async () => {
  await stage?.close();
  await Promise.all([own, other].map((of) => of?.close()));
});

/** A survey, a piece of work and a removal, which no furnished app has, and the count of what the bot holds. */
async function complete({ tenant, ids, agents }: Furnished): Promise<void> {
  const kysely = unbound(stage.started.app.get(Db));
  await sql`INSERT INTO survey (id, app_id, conversation_id, session_id, status, channel_hint, ended_by, end_reason, created_at)
            VALUES (${newId()}, ${tenant.id}, ${ids.conversationId}, ${ids.sessionId}, 'suppressed', 'link', 'agent',
                    'agent_ended', now())`.execute(kysely);
  for (const { id } of [agents.agent, agents.supervisor])
    await sql`INSERT INTO work_item (id, app_id, agent_id, session_id, conversation_id, status, tab_open, automatic, load, idle)
              VALUES (${newId()}, ${tenant.id}, ${id}, ${ids.sessionId}, ${ids.conversationId}, 'over', true, true, '{}',
                      false)`.execute(kysely);
  await sql`INSERT INTO removal (id, app_id, kind, subject, grounds, stage, stage_since, started_at, finished_at, next_at)
            VALUES (${newId()}, ${tenant.id}, 'queue', ${newId()}, '{}', 'done', now(), now(), now(), now())`.execute(
    kysely,
  );
  // Planted, because specs share a nats-server: another one's consumer may have been given the events.
  await sql`INSERT INTO routing_conversation (conversation_id, app_id, holder_id, session_open, holder_seq, session_seq)
            VALUES (${ids.conversationId}, ${tenant.id}, ${ids.id}, true, 1000, 1000)
            ON CONFLICT (conversation_id) DO UPDATE SET holder_id = excluded.holder_id, session_open = true,
              holder_seq = 1000, session_seq = 1000`.execute(kysely);
}

const asks = (of: Furnished, path: string, query: string): Promise<Answer> => {
  const target = pathOf({ method: 'GET', path }, idsFor(path, of.ids));
  return (path.startsWith('/client') ? of.endUser : of.tenant.caller).get(`${target}?${query}`);
};

async function idsIn(of: Furnished, path: string, query: string): Promise<string[]> {
  const { body } = await asks(of, path, query);
  const list = Object.values(body as Json).find(Array.isArray) as Json[];
  return list.map(({ id }) => id);
}

const STRAY = [400, 'bad_request', 'Invalid page query parameters'];

describe('a cursor', () => {
  it('is tried on every list that has pages', async () => {
    const paged: string[] = [];
    for (const { method, path } of routes) {
      if (method !== 'GET' || !path.includes('/apps')) continue;
      const { body } =
        path === '/v2/apps' ? await stage.account.get(path) : await asks(own, path, LISTS[path]?.(own) ?? '');
      if (body?.meta !== undefined) paged.push(path);
    }
    expect(paged.toSorted()).toEqual([...Object.keys(LISTS), ...OTHERS].toSorted());
  });

  it.each(Object.entries(LISTS))("%s: another app's is refused, one's own is not", async (path, query) => {
    const [mine, theirs] = [await idsIn(own, path, query(own)), await idsIn(other, path, query(other))];
    expect([mine.length > 0, theirs.length > 0]).toEqual([true, true]);
    for (const way of ['after', 'before']) {
      const page = (id: string) => asks(own, path, `${query(own)}&page[${way}]=${id}`);
      expect([way, refusal(await page(theirs[0]!))]).toEqual([way, STRAY]);
      expect([way, (await page(mine[0]!)).status]).toEqual([way, 200]);
    }
  });

  it('of another conversation, end user or agent of the app is refused as well', async () => {
    const { tenant, ids, agents } = own;
    const { caller, path } = tenant;
    const { user } = made(await caller.post(`${path}/users`, { externalId: 'second' }));
    const { conversation } = made(
      await caller.post(`${path}/conversations`, { type: 'personal', participants: [{ userId: user.id }] }),
    );
    await caller.post(`${path}/conversations/${conversation.id}/messages`, {
      author: { type: 'user', userId: user.id },
      content: { type: 'text', text: 'words' },
    });
    const first = async (list: string): Promise<string> => {
      const { status, body } = await caller.get(`${path}/${list}`);
      if (status !== 200) throw new Error(`${list}: ${status}`);
      return (Object.values(body).find(Array.isArray) as Json[])[0].id;
    };
    const pairs: [string, string][] = [
      ...['messages', 'participants', 'timeline'].map((what): [string, string] => [
        `conversations/${conversation.id}/${what}`,
        `conversations/${ids.conversationId}/${what}`,
      ]),
      [`conversations?filter[userId]=${user.id}`, `conversations?filter[userId]=${ids.user}`],
      [`sessions?filter[userId]=${user.id}`, `sessions?filter[userId]=${ids.user}`],
      [`agents/${agents.agent.id}/work-items`, `agents/${agents.supervisor.id}/work-items`],
    ];
    for (const [list, elsewhere] of pairs) {
      const page = `${path}/${list}${list.includes('?') ? '&' : '?'}page[after]=${await first(elsewhere)}`;
      expect([list, refusal(await caller.get(page))]).toEqual([list, STRAY]);
    }
  });

  it('of a message that was deleted still says where it was', async () => {
    const { caller, path } = own.tenant;
    const { user } = made(await caller.post(`${path}/users`, { externalId: 'third' }));
    const { conversation } = made(
      await caller.post(`${path}/conversations`, { type: 'personal', participants: [{ userId: user.id }] }),
    );
    const messages = `${path}/conversations/${conversation.id}/messages`;
    const said: string[] = [];
    for (const text of ['one', 'two', 'three']) {
      const body = { author: { type: 'user', userId: user.id }, content: { type: 'text', text } };
      said.push(made(await caller.post(messages, body)).messages[0].id);
    }
    const [one, two, three] = said as [string, string, string];
    await caller.delete(`${messages}/${two}`);
    const idsOf = async (query: string): Promise<string[]> =>
      (await caller.get(`${messages}?${query}`)).body.messages.map(({ id }: Json) => id);
    expect(await idsOf(`page[before]=${two}`)).toEqual([one]);
    expect(await idsOf(`page[after]=${two}`)).toEqual([three]);
    await caller.delete(messages);
    expect(await idsOf(`page[before]=${three}`)).toEqual([]);
  });

  it('that is gone still says where it was, in lists that go by id', async () => {
    const { caller, path } = own.tenant;
    const queue = async (name: string): Promise<string> => made(await caller.post(`${path}/queues`, { name })).queue.id;
    const [gone, kept] = [await queue('first'), await queue('second')];
    await caller.delete(`${path}/queues/${gone}`);
    const { status, body } = await caller.get(`${path}/queues?page[after]=${gone}`);
    expect([status, body.queues.map(({ id }: Json) => id)]).toEqual([200, [kept]]);
  });
});
