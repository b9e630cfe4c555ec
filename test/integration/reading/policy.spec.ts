import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { sql } from 'kysely';
import type { AgentId, AppId, ConversationId } from '../../../src/kernel/index.js';
import { newId } from '../../../src/platform/ids.js';
import { Db, inApps } from '../../../src/platform/postgres/index.js';
import {
  readableConversation,
  readableSession,
  readableSurvey,
  readableUser,
  type Reader,
} from '../../../src/reading/index.js';
import { mayReadSurvey, mayReadUser, whyReadConversation } from '../../../src/reading/policy.js';
import { ReadingQuery } from '../../../src/reading/reading.query.js';
import { openStage, type Stage } from '../tenancy/stage.js';
import { unbound } from '../../support/unbound.js';

/** Everything by its number, so that a shrunk case can be read. */
interface House {
  readonly agents: readonly { readonly role: Reader['role']; readonly teams: readonly string[] }[];
  readonly queues: readonly (readonly string[])[];
  /** Whose each is; two numbers: a group. They are opened one after the other. */
  readonly conversations: readonly (readonly number[])[];
  /** The session begins right after the conversation of the same number was opened. */
  readonly sessions: readonly {
    readonly conversation: number;
    readonly after: number;
    readonly agents: readonly number[];
    readonly guests: readonly number[];
    readonly queue: number | null;
    readonly status: 'ACTIVE' | 'WAITING' | 'ENDED';
    readonly rated: number | null;
  }[];
}

const USERS = 3;
const teams = fc.subarray(['red', 'blue', 'green']);
const some = (most: number) => fc.uniqueArray(fc.nat(most - 1), { maxLength: 2 });
const house: fc.Arbitrary<House> = fc.record({
  agents: fc.array(
    fc.record({ role: fc.constantFrom('agent' as const, 'supervisor' as const, 'admin' as const), teams }),
    { minLength: 4, maxLength: 4 },
  ),
  queues: fc.array(teams, { minLength: 2, maxLength: 2 }),
  conversations: fc.array(fc.uniqueArray(fc.nat(USERS - 1), { minLength: 1, maxLength: 2 }), {
    minLength: 5,
    maxLength: 5,
  }),
  sessions: fc.array(
    fc.record({
      conversation: fc.nat(4),
      after: fc.nat(4),
      agents: some(4),
      guests: some(4),
      queue: fc.option(fc.nat(1)),
      status: fc.constantFrom('ACTIVE' as const, 'WAITING' as const, 'ENDED' as const),
      rated: fc.option(fc.nat(3)),
    }),
    { maxLength: 8 },
  ),
});

let stage: Stage;
let db: Db;
let facts: ReadingQuery;
beforeAll(async () => {
  stage = await openStage();
  db = stage.started.app.get(Db);
  facts = new ReadingQuery(db);
});
afterAll(() => stage?.close());

const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 0, minute));
const several = <T extends string>(count: number): T[] => Array.from({ length: count }, () => newId<T>());

/** Writes the house into an app of its own. */
async function build({ agents, queues, conversations, sessions }: House) {
  const appId = (await stage.tenant()).id as AppId;
  const ids = {
    agents: several<AgentId>(agents.length),
    queues: several(queues.length),
    users: several(USERS),
    conversations: several<ConversationId>(conversations.length),
    sessions: several(sessions.length),
  };
  const run = (text: ReturnType<typeof sql>) => text.execute(unbound(db));
  for (const [n, { role, teams: of }] of agents.entries())
    await run(sql`
      INSERT INTO agent (id, app_id, role, active, profile, presence, status, offerable, teams, skills, primary_used,
                         primary_limit, open_items, capacity, created_at)
      VALUES (${ids.agents[n]}, ${appId}, ${role}, true, '{}', '{}', 'online', true, ${of}, '{}', 0, 1, 0, '{}', now())`);
  for (const [n, of] of queues.entries())
    await run(sql`INSERT INTO queue (id, app_id, name, teams, asked_first, created_at)
                  VALUES (${ids.queues[n]}, ${appId}, ${`q${n}`}, ${of}, '{mostAvailable}', now())`);
  for (const id of ids.users)
    await run(sql`INSERT INTO app_user (id, app_id, signed_up_at, created_at) VALUES (${id}, ${appId}, now(), now())`);
  for (const [n, users] of conversations.entries()) {
    const user = users.length === 1 ? ids.users[users[0]!] : null;
    await run(sql`
      INSERT INTO conversation (id, app_id, user_id, type, seq, control_epoch, state, last_updated_at, created_at)
      VALUES (${ids.conversations[n]}, ${appId}, ${user}, ${user ? 'personal' : 'sdkGroup'}, 1, 0, '{}', now(), ${at(n)})`);
    for (const one of users)
      await run(sql`INSERT INTO participant (id, conversation_id, user_id, created_at)
                    VALUES (${newId()}, ${ids.conversations[n]}, ${ids.users[one]}, now())`);
  }
  for (const [n, one] of sessions.entries()) {
    const users = conversations[one.conversation]!;
    const began = new Date(at(Math.max(one.conversation, one.after)).getTime() + 30_000);
    const human = { queueId: one.queue === null ? null : ids.queues[one.queue] };
    await run(sql`
      INSERT INTO session (id, app_id, conversation_id, user_id, status, started_at, ended_at, data, agents, guests,
                           queue_id)
      VALUES (${ids.sessions[n]}, ${appId}, ${ids.conversations[one.conversation]},
              ${users.length === 1 ? ids.users[users[0]!] : null}, ${one.status}, ${began},
              ${one.status === 'ENDED' ? began : null}, ${JSON.stringify({ human })},
              ${one.agents.map((agent) => ids.agents[agent])}, ${one.guests.map((agent) => ids.agents[agent])},
              ${human.queueId})`);
    await run(sql`
      INSERT INTO survey (id, app_id, conversation_id, session_id, status, channel_hint, ended_by, end_reason, agent_id,
                          queue_id, created_at)
      VALUES (${newId()}, ${appId}, ${ids.conversations[one.conversation]}, ${ids.sessions[n]}, 'suppressed', 'link',
              'agent', 'agent_ended', ${one.rated === null ? null : ids.agents[one.rated]}, ${human.queueId}, now())`);
  }
  return { appId, ids };
}

type Built = Awaited<ReturnType<typeof build>>;

/** Which rows of a table a list would show. */
async function shown(table: string, appId: AppId, condition: ReturnType<typeof readableUser>, column = 'id') {
  const { rows } = await sql<{ id: string }>`
    SELECT t.${sql.ref(column)} AS id FROM ${sql.table(table)} AS t WHERE t.app_id = ${appId} AND ${condition}
    ORDER BY 1`.execute(db.kysely);
  return rows.map(({ id }) => id);
}

describe('the conditions of lists', () => {
  it('show what the policy allows one by one, whatever the house is', async () => {
    await fc.assert(
      fc.asyncProperty(house, async (of) => {
        const { appId, ids } = await build(of);
        await inApps([appId], () => sameAsOneByOne(of, appId, ids));
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});

async function sameAsOneByOne(of: House, appId: AppId, ids: Built['ids']): Promise<void> {
  for (const [n, { role, teams: own }] of of.agents.entries()) {
    const reader: Reader = { agentId: ids.agents[n]!, role, teams: own };
    const may = new Set<string>();
    for (const id of ids.conversations)
      if (whyReadConversation(reader, await facts.ofConversation(appId, id)) !== null) may.add(id);
    const users: string[] = [];
    for (const id of ids.users) if (mayReadUser(reader, await facts.ofUser(appId, id))) users.push(id);
    const sessions = ids.sessions.filter((_, s) => may.has(ids.conversations[of.sessions[s]!.conversation]!));
    const surveys = ids.sessions.filter((_, s) => {
      const { rated, queue } = of.sessions[s]!;
      const ofAgent = rated === null ? [] : of.agents[rated]!.teams;
      const about = [...ofAgent, ...(queue === null ? [] : of.queues[queue]!)];
      return mayReadSurvey(reader, { agentId: rated === null ? null : ids.agents[rated]!, teams: about });
    });
    const listed = {
      conversations: await shown('conversation', appId, readableConversation(appId, reader, 't')),
      sessions: await shown('session', appId, readableSession(appId, reader, 't')),
      users: await shown('app_user', appId, readableUser(appId, reader, 't')),
      surveys: await shown('survey', appId, readableSurvey(appId, reader, 't'), 'session_id'),
    };
    expect(listed).toEqual({
      conversations: [...may].toSorted(),
      sessions: sessions.toSorted(),
      users: users.toSorted(),
      surveys: surveys.toSorted(),
    });
  }
}
