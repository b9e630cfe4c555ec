import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Failure } from '../../../src/kernel/index.js';
import { databaseNow } from '../../../src/platform/clock/index.js';
import { Db, type Bound } from '../../../src/platform/postgres/db.js';
import { ofApps } from '../../../src/platform/postgres/scope.js';
import { isOutage } from '../../../src/platform/postgres/outage.js';
import { asksToCommit, startProxy, type Proxy } from '../../support/proxy.js';
import { testDatabase, type TestDatabase } from '../../support/servers.js';

let database: TestDatabase;
let proxy: Proxy;
let db: Db;
let all: Bound;

beforeAll(async () => {
  database = await testDatabase();
  proxy = await startProxy(database.url);
  db = new Db(proxy.url);
  all = db.within(ofApps([...'abcde'].map((id) => id.repeat(24))));
});

afterEach(() => proxy.heal());

afterAll(async () => {
  await db.close();
  await proxy.stop();
  await database.drop();
});

const app = (id: string): { id: string; display_name: string; created_at: Date } => ({
  id: id.repeat(24),
  display_name: 'an app',
  created_at: new Date(),
});

async function codeOf(run: Promise<unknown>): Promise<unknown> {
  return run.then(
    () => 'done',
    (error: unknown) => (error instanceof Failure ? error.code : error),
  );
}

describe('Db', () => {
  it('reads int8 as number, timestamptz as Date, jsonb parsed, bytea as Buffer', async () => {
    const { rows } = await sql<Record<string, unknown>>`SELECT 9007199254740991::int8 AS int8, count(*) AS count,
      '2026-03-01T10:00:00.120Z'::timestamptz AS at, '{"a":[1]}'::jsonb AS json, '\\x00ff'::bytea AS bytes`.execute(
      all.kysely,
    );
    expect(rows[0]).toEqual({
      int8: 9_007_199_254_740_991,
      count: 1,
      at: new Date('2026-03-01T10:00:00.120Z'),
      json: { a: [1] },
      bytes: Buffer.from([0, 255]),
    });
  });

  it('commits what returns and rolls back what throws', async () => {
    await all.transaction((tx) => tx.insertInto('app').values(app('a')).execute());
    await expect(
      all.transaction(async (tx) => {
        await tx.insertInto('app').values(app('b')).execute();
        throw new Failure('conflict', 'no');
      }),
    ).rejects.toMatchObject({ code: 'conflict' });
    expect(await all.kysely.selectFrom('app').select('id').execute()).toEqual([{ id: 'a'.repeat(24) }]);
  });

  it('tells the time of the database', async () => {
    const now = await all.transaction(databaseNow);
    expect(Math.abs(now.getTime() - Date.now())).toBeLessThan(5_000);
  });

  it('says unavailable with a time to wait while PostgreSQL is gone, and recovers by itself', async () => {
    proxy.refuse();
    const failure = await all.kysely
      .selectFrom('app')
      .select('id')
      .execute()
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'unavailable', details: { retryAfterSeconds: expect.any(Number) } });
    expect(await codeOf(all.transaction((tx) => tx.selectFrom('app').select('id').execute()))).toBe('unavailable');
    expect(await db.answers()).toBe('unreachable');
    proxy.heal();
    expect(await all.kysely.selectFrom('app').select('id').execute()).toHaveLength(1);
  });

  it('says unavailable when the link dies inside a transaction, and nothing happened', async () => {
    const ran = all.transaction(async (tx) => {
      await tx.insertInto('app').values(app('c')).execute();
      proxy.cut();
      await tx.insertInto('app').values(app('d')).execute();
    });
    expect(await codeOf(ran)).toBe('unavailable');
    expect(await all.kysely.selectFrom('app').select('id').where('id', '!=', 'a'.repeat(24)).execute()).toEqual([]);
  });

  it('says that the outcome is unknown when the link dies after COMMIT was sent', async () => {
    const cut = proxy.cutAfterRequest(asksToCommit);
    expect(await codeOf(all.transaction((tx) => tx.insertInto('app').values(app('e')).execute()))).toBe(
      'outcome_unknown',
    );
    await cut;
    expect(await all.kysely.selectFrom('app').select('id').where('id', '=', 'e'.repeat(24)).execute()).toHaveLength(1);
  });

  it('leaves errors of statements what they are', async () => {
    const error = await all.kysely
      .insertInto('app')
      .values(app('a'))
      .execute()
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: '23505' });
    expect(isOutage(error)).toBe(false);
  });
});

describe('a writer connection', () => {
  it('has limits, generic plans, and sends statements without waiting', async () => {
    const writer = await db.openWriter();
    try {
      const names = [
        'lock_timeout',
        'idle_in_transaction_session_timeout',
        'statement_timeout',
        'plan_cache_mode',
        'enable_seqscan',
        'enable_hashjoin',
        'enable_mergejoin',
      ];
      const shown = await Promise.all(names.map((name) => writer.query(`SHOW ${name}`)));
      expect(shown.map(({ rows }) => Object.values(rows[0])[0])).toEqual([
        '100ms',
        '2s',
        '5s',
        'force_generic_plan',
        'off',
        'off',
        'off',
      ]);
      const results = await Promise.allSettled([
        writer.query('BEGIN'),
        writer.query('SELECT 1 / 0'),
        writer.query('SELECT 1'),
        writer.query('COMMIT'),
      ]);
      expect(results.map((one) => (one.status === 'fulfilled' ? one.value.command : one.reason.code))).toEqual([
        'BEGIN',
        '22012',
        '25P02',
        'ROLLBACK',
      ]);
    } finally {
      await writer.end();
    }
  });

  it('rejects what is in flight when the link dies, without ending the process', async () => {
    const writer = await db.openWriter();
    const slow = writer.query('SELECT pg_sleep(2)');
    proxy.cut();
    const error = await slow.catch((caught: unknown) => caught);
    expect(isOutage(error)).toBe(true);
    expect(isOutage(await writer.query('SELECT 1').catch((caught: unknown) => caught))).toBe(true);
  });
});
