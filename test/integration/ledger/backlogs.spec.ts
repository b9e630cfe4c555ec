import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { Client } from 'pg';
import { OutboxStore } from '../../../src/ledger/outbox/outbox.store.js';
import { Db, type House, type Tx } from '../../../src/platform/postgres/index.js';
import { DeliveryStore } from '../../../src/webhooks/lanes/delivery.store.js';
import { testDatabase, type TestDatabase } from '../../support/servers.js';

const BACKLOG = 4_000;
const BATCH = 20;
const OWNER = 'one';

let database: TestDatabase;
let db: Db;

/** Statistics of a quiet time, when nothing waits; then a backlog that they do not know of. */
const FILL = `
  INSERT INTO lease (partition, owner, fence, expires_at) VALUES (0, '${OWNER}', 1, now() + interval '1 hour')
  ON CONFLICT (partition) DO UPDATE SET owner = excluded.owner, fence = 1;
  INSERT INTO stream_mark (stream, created, last_seq, marked_at) VALUES ('S', 'now', 0, now());
  ${inserts('done', 'now()')}
  ANALYZE outbox, delivery;
  ${inserts('open', 'NULL')}`;

function inserts(name: string, done: string): string {
  const each = `generate_series(1, ${BACKLOG}) k`;
  return `
    INSERT INTO outbox (partition, conversation_id, seq, event_id, subject, body, created_at, published_at)
    SELECT 0, '${name}' || k, 1, '${name}' || k, 's', 'body', now(), ${done} FROM ${each};
    INSERT INTO delivery (id, partition, app_id, webhook_id, lane, position, event_id, trigger, body, created_at, next_at,
                          done_at, outcome)
    SELECT '${name}' || k, 0, 'app', 'hook', '${name}' || k, 1, 'e', 't', 'body', now(), now(),
           ${done}, CASE WHEN ${done} IS NOT NULL THEN 'delivered' END FROM ${each};`;
}

beforeAll(async () => {
  database = await testDatabase();
  db = new Db(database.url);
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(FILL);
  await client.end();
}, 60_000);

afterAll(async () => {
  await db.close();
  await database.drop();
});

/** Rows of a table that `work` read, by index or not. */
async function read(house: House, table: string, work: (db: Db) => Promise<void>): Promise<number> {
  return db.as(house).transaction(async (tx: Tx) => {
    await work({ as: () => ({ kysely: tx }) } as unknown as Db);
    const { rows } = await sql<{ n: number }>`
      SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int AS n FROM pg_stat_xact_user_tables
      WHERE relname LIKE ${`${table}%`}`.execute(tx);
    return rows[0]!.n;
  });
}

const numbers = Array.from({ length: BATCH }, (_, index) => index + 1);

describe('behind a backlog that the statistics do not know of', () => {
  it('marking a batch of events published reads that batch, not the backlog', async () => {
    const acks = numbers.map((k) => ({
      row: { partition: 0, conversationId: `open${k}`, seq: 1, eventId: `open${k}`, subject: 's', body: 'body' },
      fence: 1,
      streamSeq: k,
    }));
    const rows = await read('relay', 'outbox', async (within) => {
      expect(await new OutboxStore(within).published(acks, OWNER, 'S', 1)).toBe(BATCH);
    });
    expect(rows).toBeLessThan(BATCH * 3);
  });

  it('writing the results of a batch of attempts reads that batch, not the backlog', async () => {
    const results = numbers.map((k) => ({
      id: `open${k}`,
      partition: 0,
      fence: 1,
      attempts: 1,
      tookMs: 1,
      outcome: 'delivered',
      error: null,
      waitMs: 0,
    }));
    const rows = await read('lanes', 'delivery', async (within) => {
      expect((await new DeliveryStore(within).record(results)).size).toBe(BATCH);
    });
    expect(rows).toBeLessThan(BATCH * 3);
  });
});
