import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { LeaseConnection } from '../../../src/ledger/partitions/partitions.store.js';
import { loadConfig, type Config } from '../../../src/platform/config/index.js';
import { AgreementError, migrate, runningSettings } from '../../../src/platform/postgres/index.js';
import { migrationsDir } from '../../../src/platform/root.js';
import { SecretBox } from '../../../src/platform/secrets/index.js';
import { testDatabase, type TestDatabase } from '../../support/servers.js';

const DEAF = { woken: () => undefined, shared: () => undefined };

const RIGHT = randomBytes(32).toString('hex');
const WRONG = randomBytes(32).toString('hex');

let database: TestDatabase;
let client: Client;
const folder = mkdtempSync(join(tmpdir(), 'switchboard-agreement-'));

beforeAll(async () => {
  database = await testDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
});
beforeEach(() => client.query('TRUNCATE agreement, process, app, api_key CASCADE'));
afterAll(async () => {
  await client?.end();
  await database?.drop();
  rmSync(folder, { recursive: true, force: true });
});

function configWith(masterKey: string, more: Record<string, string> = {}): Config {
  return loadConfig({
    DATABASE_URL: database.url,
    NATS_URL: 'nats://127.0.0.1:1',
    SWITCHBOARD_DATA_DIR: folder,
    SWITCHBOARD_MASTER_KEY: masterKey,
    SWITCHBOARD_LEASE_SECONDS: '2',
    ...more,
  });
}

const LIMITS = {
  SWITCHBOARD_STREAM_REPLICAS: '3',
  SWITCHBOARD_STREAM_MAX_AGE_HOURS: '72',
  SWITCHBOARD_STREAM_MAX_BYTES: '3000000000',
};

const start = (config: Config) => migrate(database.url, migrationsDir, { config });

/** A key sealed by `masterKey`: an app's, or without one the account's. */
async function seal(masterKey: string, id: string, appId: string | null): Promise<void> {
  const secret = new SecretBox(Buffer.from(masterKey, 'hex')).seal('secret', appId ?? 'account');
  if (appId !== null)
    await client.query(`INSERT INTO app (id, display_name, created_at) VALUES ($1, 'an app', now())`, [appId]);
  await client.query(
    `INSERT INTO api_key (id, scope, app_id, display_name, secret, created_at) VALUES ($1, $2, $3, 'a key', $4, now())`,
    [id, appId === null ? 'account' : 'app', appId, secret],
  );
}

describe('the master key of a database', () => {
  it('is kept as a fingerprint alone, by the first process', async () => {
    await start(configWith(RIGHT));
    await start(configWith(RIGHT));
    const { rows } = await client.query<{ name: string; value: string }>('SELECT name, value FROM agreement');
    expect(rows).toEqual([{ name: 'master_key', value: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
    expect(rows[0]?.value).not.toBe(RIGHT);
    const box = new SecretBox(Buffer.from(rows[0]!.value, 'hex'));
    expect(() => box.open(new SecretBox(Buffer.from(RIGHT, 'hex')).seal('x', 'y'), 'y')).toThrow();
  });

  it('another one: the start is refused with a sentence that says what to do', async () => {
    await start(configWith(RIGHT));
    await expect(start(configWith(WRONG))).rejects.toThrow(AgreementError);
    await expect(start(configWith(WRONG))).rejects.toThrow(/set SWITCHBOARD_MASTER_KEY to/);
  });

  it('of two first starts at once with two keys one is refused', async () => {
    const starts = await Promise.allSettled([start(configWith(RIGHT)), start(configWith(WRONG))]);
    expect(starts.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('a database older than the fingerprint is entered by the key that opens its secrets, and by no other', async () => {
    await seal(RIGHT, `app_${'1'.repeat(24)}`, 'a'.repeat(24));
    await expect(start(configWith(WRONG))).rejects.toThrow(AgreementError);
    expect((await client.query('SELECT FROM agreement')).rowCount).toBe(0);
    await start(configWith(RIGHT));
    await expect(start(configWith(WRONG))).rejects.toThrow(AgreementError);
  });

  it('an account key that a process with another key has sealed anew does not shut the right one out', async () => {
    await seal(WRONG, `act_${'1'.repeat(24)}`, null);
    await seal(RIGHT, `app_${'1'.repeat(24)}`, 'a'.repeat(24));
    await expect(start(configWith(WRONG))).rejects.toThrow(AgreementError);
    await start(configWith(RIGHT));
  });

  it('a refused start has changed nothing, not even the schema', async () => {
    await start(configWith(RIGHT));
    // As for a program that is newer than the database.
    const { rows } = await client.query('DELETE FROM schema_migration WHERE version = 12 RETURNING *');
    await expect(start(configWith(WRONG))).rejects.toThrow(AgreementError);
    const { rowCount } = await client.query('SELECT FROM schema_migration WHERE version = 12');
    expect(rowCount).toBe(0);
    const { version, name, checksum } = rows[0];
    await client.query('INSERT INTO schema_migration (version, name, checksum) VALUES ($1, $2, $3)', [
      version,
      name,
      checksum,
    ]);
  });
});

describe('settings of processes that run on one database', () => {
  const alive: (() => void)[] = [];
  afterEach(() => {
    for (const die of alive.splice(0)) die();
  });

  /** A process that runs: it shows a sign of life every so often, until it dies. */
  async function runs(config: Config, id: string): Promise<() => void> {
    const settings = runningSettings(config);
    const connection = await LeaseConnection.open(database.url, id, 2_000, DEAF, settings);
    await connection.seen();
    const living = setInterval(() => void connection.seen().catch(() => undefined), 200);
    const die = (): void => {
      clearInterval(living);
      connection.close();
    };
    alive.push(die);
    return die;
  }

  it.each([
    ['other leases', { SWITCHBOARD_LEASE_SECONDS: '5' }, /SWITCHBOARD_LEASE_SECONDS is 5 here and 2 in another/],
    ['another number of replicas', { SWITCHBOARD_STREAM_REPLICAS: '1' }, /STREAM_REPLICAS is 1 here and 3 in another/],
    ['another age', { SWITCHBOARD_STREAM_MAX_AGE_HOURS: '24' }, /STREAM_MAX_AGE_HOURS is 24 here and 72 in another/],
    [
      'another size',
      { SWITCHBOARD_STREAM_MAX_BYTES: '2000000000' },
      /STREAM_MAX_BYTES is 2000000000 here and 3000000000 in/,
    ],
    ['a nats-server of its own', { NATS_URL: '' }, /set NATS_URL to the same one/],
  ])('%s: the start is refused while the other one runs, and goes when it is dead', async (_, other, words) => {
    const config = configWith(RIGHT, other);
    const die = await runs(configWith(RIGHT, LIMITS), 'one');
    await expect(start(config)).rejects.toThrow(words);
    die();
    await expect(start(config)).resolves.toBeDefined();
  });

  it('the same ones: the start does not wait, whatever the way to NATS', async () => {
    await runs(configWith(RIGHT, LIMITS), 'one');
    await expect(start(configWith(RIGHT, { ...LIMITS, NATS_URL: 'nats://elsewhere:4222' }))).resolves.toBeDefined();
  });

  it.each([
    ['leaves the limits of the stream to the other', {}],
    ['publishes nothing', { SWITCHBOARD_STREAM_REPLICAS: '1', SWITCHBOARD_ROLES: 'api' }],
  ])('a start that %s is not held up', async (_, other) => {
    await runs(configWith(RIGHT, LIMITS), 'one');
    await expect(start(configWith(RIGHT, other))).resolves.toBeDefined();
  });

  it('a process of a version that said nothing of its settings holds nobody up', async () => {
    await client.query(`INSERT INTO process (id, seen_at) VALUES ('old', now() + interval '1 hour')`);
    await expect(start(configWith(RIGHT))).resolves.toBeDefined();
  });
});
