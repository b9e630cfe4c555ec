import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { Client } from 'pg';
import { TimerClaims } from '../../../src/conversation/timers/claims.store.js';
import { LeaseConnection } from '../../../src/ledger/partitions/partitions.store.js';
import { Failure } from '../../../src/kernel/index.js';
import {
  Db,
  hindranceOf,
  isOutage,
  LimitsLost,
  openWriter,
  PoolerError,
} from '../../../src/platform/postgres/index.js';
import { keepLimits } from '../../../src/platform/postgres/limits.js';
import { requireSessions } from '../../../src/platform/postgres/sessions.js';
import { startDesk, text, type Desk } from '../../support/desk.js';
import { startPgBouncer, type Pooler } from '../../support/pgbouncer.js';
import { ServerProcess } from '../../support/process.js';
import {
  emptyDatabase,
  startPostgres,
  testDatabase,
  type OwnServer,
  type TestDatabase,
} from '../../support/servers.js';
import { until } from '../../support/until.js';

/** What an operator sets who was told "unsupported startup parameter": it is dropped in silence from then on. */
const DEAF = {
  ignore_startup_parameters:
    'options,statement_timeout,lock_timeout,idle_in_transaction_session_timeout,idle_session_timeout,extra_float_digits',
};

describe.each<readonly [string, Readonly<Record<string, string>>]>([
  ['that refuses what it does not know in a startup message', {}],
  ['that drops what it does not know in a startup message', DEAF],
])('PgBouncer in session mode %s', (_, settings) => {
  let database: TestDatabase;
  let pooler: Pooler;
  beforeAll(async () => {
    database = await testDatabase();
    pooler = await startPgBouncer(database.url, settings);
  });
  afterAll(async () => {
    await pooler.stop();
    await database.drop();
  });

  it('keeps the limits of requests', async () => {
    const db = new Db(pooler.url);
    const { rows } = await sql<Record<string, string>>`
      SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock,
             current_setting('idle_in_transaction_session_timeout') AS idle`.execute(db.as('account').kysely);
    await db.close();
    expect(rows).toEqual([{ statement: '10s', lock: '2s', idle: '10s' }]);
  });

  it('keeps the limits of the ledger', async () => {
    const writer = await openWriter(pooler.url);
    const { rows } = await writer.query(`
      SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock,
             current_setting('enable_seqscan') AS scans, current_setting('plan_cache_mode') AS plans`);
    await writer.end();
    expect(rows).toEqual([{ statement: '5s', lock: '100ms', scans: 'off', plans: 'force_generic_plan' }]);
  });

  it('wakes who listens', async () => {
    const heard: string[] = [];
    const hearers = { woken: (partitions: string) => void heard.push(partitions), shared: () => undefined };
    const leases = await LeaseConnection.open(pooler.url, 'a'.repeat(24), 2_000, hearers);
    const client = new Client(pooler.url);
    await client.connect();
    await client.query(`NOTIFY switchboard_wake, '7'`);
    await until(() => heard.length > 0, { what: 'the wake' });
    expect(heard).toEqual(['7']);
    await client.end();
    leases.close();
  });

  it('gives a timer to one process, and to the next when the first is gone', async () => {
    const id = 'b'.repeat(24);
    const client = new Client(database.url);
    await client.connect();
    await client.query(`INSERT INTO app (id, display_name, created_at) VALUES ($1, 'timers', now())`, [id]);
    await client.query(`ALTER TABLE timer DISABLE TRIGGER ALL`);
    await client.query(`SET session_replication_role = replica`);
    await client.query(
      `INSERT INTO timer (id, conversation_id, app_id, kind, subject, due_at)
       VALUES ('due', $1, $1, 'offer_expires', '1', now() - interval '1 minute')`,
      [id],
    );
    const [one, other] = [new TimerClaims(pooler.url), new TimerClaims(pooler.url)];
    const ours = async (claims: TimerClaims) => (await claims.take('-infinity', [], 5)).map((timer) => timer.ours);
    expect([await ours(one), await ours(other)]).toEqual([[true], [false]]);
    one.close();
    await until(async () => (await ours(other))[0] === true, { what: 'the timer to be free' });
    other.close();
    await client.query('DELETE FROM timer');
    await client.end();
  });
});

describe('a new session that PgBouncer lets wait for a server', () => {
  let database: TestDatabase;
  let pooler: Pooler;
  let holder: Client;
  beforeAll(async () => {
    database = await testDatabase();
    pooler = await startPgBouncer(database.url, { default_pool_size: '1', query_wait_timeout: '60' });
    holder = new Client(pooler.url);
    await holder.connect();
    await holder.query('SELECT 1');
  });
  afterAll(async () => {
    await holder?.end();
    await pooler?.stop();
    await database?.drop();
  });

  it.each<readonly [string, (url: string) => Promise<unknown>]>([
    ['of requests', (url) => answerOf(new Db(url))],
    ['of the ledger', (url) => openWriter(url)],
  ])('is given up as an outage, long before the pooler gives up: %s', async (_, open) => {
    const since = performance.now();
    const error = await open(pooler.url).catch((reason: unknown) => reason);
    expect(performance.now() - since).toBeLessThan(30_000);
    expect(isOutage(error) || (error instanceof Failure && error.code === 'unavailable')).toBe(true);
  });
});

const answerOf = (db: Db) => sql`SELECT 1`.execute(db.as('account').kysely).finally(() => db.close());

const houseOf = ({ url }: Pooler) => ({ DATABASE_URL: url, SWITCHBOARD_MASTER_KEY: '01'.repeat(32) });

describe('a house behind PgBouncer in session mode', () => {
  let postgres: OwnServer;
  let pooler: Pooler;
  let desk: Desk;
  beforeAll(async () => {
    postgres = await startPostgres();
    pooler = await startPgBouncer(postgres.url);
    desk = await startDesk({ server: { settings: houseOf(pooler) } });
  }, 60_000);
  afterAll(async () => {
    await desk?.close();
    await pooler?.stop();
    await postgres?.stop();
  });

  it('answers, and starts a second time over sessions that others had', async () => {
    const { id } = await desk.conversation();
    expect((await desk.bot.call.post(`/conversations/${id}/messages`, text('one'))).status).toBe(201);
    const again = await startDesk({ server: { settings: houseOf(pooler) } });
    const other = await again.conversation();
    expect((await again.bot.call.post(`/conversations/${other.id}/messages`, text('two'))).status).toBe(201);
    await again.close();
    expect((await desk.app.get(`/conversations/${id}/messages`)).body.messages).toHaveLength(1);
  });

  it('is unavailable while PostgreSQL behind it is gone, and answers again by itself', async () => {
    const { id } = await desk.conversation();
    const said = async () => (await desk.bot.call.post(`/conversations/${id}/messages`, text('still there'))).status;
    const read = async () => (await desk.app.get(`/conversations/${id}`)).status;
    postgres.kill();
    await until(async () => (await read()) === 503 && (await said()) === 503, { what: '503' });
    await postgres.restart();
    await until(async () => (await read()) === 200 && (await said()) === 201, { what: 'answers again' });
  });
});

describe('a start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-pooler-'));
  let database: TestDatabase;
  let pooler: Pooler | null = null;
  beforeAll(async () => {
    database = await emptyDatabase();
  });
  afterEach(async () => {
    await pooler?.stop();
    pooler = null;
  });
  afterAll(async () => {
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const pooled = async (settings: Readonly<Record<string, string>>): Promise<string> =>
    (pooler = await startPgBouncer(database.url, settings)).url;
  const failing = (url: string) =>
    ServerProcess.failing({
      DATABASE_URL: url,
      NATS_URL: 'nats://127.0.0.1:1',
      SWITCHBOARD_DATA_DIR: folder,
      SWITCHBOARD_MASTER_KEY: '01'.repeat(32),
    });
  const tables = async (): Promise<number> => {
    const client = new Client(database.url);
    await client.connect();
    const { rows } = await client.query(`SELECT FROM pg_tables WHERE schemaname = 'public'`);
    await client.end();
    return rows.length;
  };

  it('behind transaction mode is refused in one sentence, and changes nothing', async () => {
    const { code, output } = await failing(await pooled({ pool_mode: 'transaction' }));
    expect(code).toBe(1);
    expect(output).toMatch(
      /^switchboard cannot start: DATABASE_URL leads to a pooler that shares sessions .*: set pool_mode = session .*$/m,
    );
    expect(await tables()).toBe(0);
  });

  it.each([
    { pool_mode: 'transaction', server_round_robin: '1' },
    { pool_mode: 'transaction', default_pool_size: '1' },
    { pool_mode: 'transaction', server_reset_query_always: '1' },
    { pool_mode: 'statement' },
  ])('behind %j is refused too', async (settings) => {
    const url = await pooled(settings);
    // A pool that was in use has several sessions to hand out.
    const busy = [1, 2, 3].map(() => new Client(url));
    await Promise.all(busy.map((client) => client.connect()));
    await Promise.all(busy.map((client) => client.query('SELECT pg_sleep(0.1)')));
    await Promise.all(busy.map((client) => client.end()));
    await expect(requireSessions(url)).rejects.toThrow(PoolerError);
    await expect(requireSessions(url)).rejects.toThrow('pool_mode = session');
  });

  it('behind a pooler that does not clean sessions is refused', async () => {
    const url = await pooled({ server_reset_query: '' });
    await expect(requireSessions(url)).rejects.toThrow('server_reset_query = DISCARD ALL');
  });

  it('behind a pool without room says so, as something that may pass', async () => {
    const refused = await requireSessions(await pooled({ default_pool_size: '1' })).catch((error: unknown) => error);
    expect((refused as Error).message).toContain('default_pool_size');
    expect(hindranceOf(refused)).toBe('exhausted');
  });

  it('straight to PostgreSQL and behind session mode is not refused', async () => {
    await requireSessions(database.url);
    await requireSessions(await pooled({ pool_mode: 'session', server_round_robin: '1' }));
  });

  it('tells which parameter of the address a pooler refused', async () => {
    const url = new URL(await pooled({}));
    url.searchParams.set('options', '-c work_mem=8MB');
    const { code, output } = await failing(url.href);
    expect(code).toBe(1);
    expect(output).toMatch(/^switchboard cannot start: .*unsupported startup parameter: options.*$/m);
  });

  it.each<readonly [string, (url: URL) => void, RegExp]>([
    ['the user', (url) => (url.username = 'nobody_known'), /authentication failed/],
    ['the database', (url) => (url.pathname = 'not_there'), /database "not_there" does not exist/],
  ])('tells that %s is refused', async (_, wrong, reason) => {
    const url = new URL(await pooled({}));
    wrong(url);
    const { code, output } = await failing(url.href);
    expect(code).toBe(1);
    expect(output).toMatch(new RegExp(`^switchboard cannot start: .*(${reason.source})`, 'm'));
  });
});

describe('a session that does not keep its limits', () => {
  it('is not used', async () => {
    const answers = [[{ lock_timeout: '100ms' }], [{ lock_timeout: '0' }]];
    const forgetful = { query: async () => ({ rows: answers.shift() }) } as unknown as Pick<Client, 'query'>;
    const refused = await keepLimits(forgetful, { lock_timeout: 100 }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(LimitsLost);
    expect([(refused as Error).message, hindranceOf(refused)]).toEqual([
      'a connection to the database does not keep lock_timeout: set to 100ms, it is 0',
      'away',
    ]);
  });
});
