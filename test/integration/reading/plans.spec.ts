import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import { PersonErasure } from '../../../src/erasure/person-erasure.store.js';
import type { AgentId, UserId } from '../../../src/kernel/index.js';
import { MessagesQuery } from '../../../src/conversation/queries/messages.query.js';
import { newId } from '../../../src/platform/ids.js';
import type { Db, Tables } from '../../../src/platform/postgres/index.js';
import type { Reader } from '../../../src/reading/index.js';
import { SessionsQuery } from '../../../src/sessions/sessions.query.js';
import { startStage, type Stage } from '../../support/stage.js';

const EVERYTHING = { statuses: null, userId: null, agentId: null, queueId: null };
const SLICE = { cursor: null, direction: 'forward', limit: 25 } as const;

let stage: Stage;
let kysely: Kysely<Tables>;
/** Statements as they were sent. */
const sent: { sql: string; values: readonly unknown[] }[] = [];
beforeAll(async () => {
  stage = await startStage();
  const pool = new Pool({ connectionString: stage.url, max: 1 });
  kysely = new Kysely({
    dialect: new PostgresDialect({ pool }),
    log: ({ query }) => void sent.push({ sql: query.sql, values: query.parameters }),
  });
}, 60_000);
afterAll(async () => {
  await kysely?.destroy();
  await stage?.close();
});

/** How a bound role has to find what `ask` looks for, in a database where nothing is small. */
async function planOf(
  ask: (db: Db) => Promise<unknown>,
  way: 'as sent' | 'in general' = 'in general',
): Promise<string> {
  sent.length = 0;
  await ask({ kysely } as unknown as Db);
  const { sql = '', values = [] } = sent.at(-1) ?? {};
  const settings = ['SET LOCAL ROLE switchboard_server', `SET LOCAL switchboard.scope = '{${stage.appId}}'`];
  if (way === 'in general') settings.push('SET LOCAL enable_seqscan = off');
  await stage.sql.query('BEGIN');
  try {
    for (const setting of settings) await stage.sql.query(setting);
    const { rows } =
      way === 'as sent'
        ? await stage.sql.query(`EXPLAIN (ANALYZE) ${sql}`, [...values])
        : await stage.sql.query(`EXPLAIN (GENERIC_PLAN) ${sql}`);
    return rows.map((row) => row['QUERY PLAN'] as string).join('\n');
  } finally {
    await stage.sql.query('ROLLBACK');
  }
}

describe('behind row-level security', () => {
  it.each([
    ['agentId', 'session_of_owner'],
    ['queueId', 'session_(once_)?of_queue'],
  ])('sessions of one %s are found by an index', async (by, index) => {
    const filter = { ...EVERYTHING, [by]: newId() };
    const plan = await planOf((db) => new SessionsQuery(db).list(stage.appId, filter as never, SLICE, null));
    expect(plan).toMatch(new RegExp(`${index}.*\\n\\s+Index Cond: .*(owner|queue_id)`));
  });

  it.each(['agent', 'supervisor'] as const)(
    'sessions that concern one with the role %s are found by an index',
    async (role) => {
      const reader: Reader = { agentId: newId<AgentId>(), role, teams: ['a'] };
      const plan = await planOf((db) => new SessionsQuery(db).list(stage.appId, EVERYTHING, SLICE, reader));
      expect(plan).toMatch(/session_agent_pkey.*\n\s+Index Cond: .*agent_id/);
      if (role === 'supervisor') expect(plan).toMatch(/session_once_of_queue.*\n\s+Index Cond: .*queue_id/);
    },
  );

  it('a page of messages reads as many as it has, however long the conversation is', async () => {
    const id = await stage.open(await stage.user());
    await stage.sql.query(
      `INSERT INTO conversation (id, app_id, type, seq, control_epoch, state, last_updated_at, created_at)
       SELECT lpad(n::text, 24, '0'), $1, 'sdkGroup', 1, 0, '{}', now(), now() FROM generate_series(1, 400) n`,
      [stage.appId],
    );
    await stage.sql.query(
      `INSERT INTO message (id, conversation_id, seq, author_type, received_at, body)
       SELECT lpad(n::text, 24, '0'), CASE WHEN n > 3000 THEN lpad((1 + n % 400)::text, 24, '0') ELSE $1 END, 1000 + n,
              'user', now(), jsonb_build_object('text', repeat('x', 300)) FROM generate_series(1, 20000) n`,
      [id],
    );
    await stage.sql.query('ANALYZE');
    const page = { cursor: null, direction: 'backward', limit: 100 } as const;
    const plan = await planOf((db) => new MessagesQuery(db).of(id, page), 'as sent');
    expect(plan).toMatch(/Index Scan.* on message .*actual time=.* rows=100\b/);
    expect(plan).not.toMatch(/Sort|SubPlan|Rows Removed/);
  });

  it('events of who left are found by an index', async () => {
    const plan = await planOf((db) => new PersonErasure(db).conversations(newId<UserId>()));
    expect(plan).toMatch(/event_of_leaving.*\n\s+Index Cond: .*left_user/);
  });
});
