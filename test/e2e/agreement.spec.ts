import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { request } from 'undici';
import { ServerProcess } from '../support/process.js';
import { startPostgres, type OwnServer } from '../support/servers.js';

const ACCOUNT = `act_${'a1'.repeat(12)}:agreement-secret-0123456789`;

describe('a second process with another master key', () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-agreement-'));
  let postgres: OwnServer;
  let first: ServerProcess;
  let db: Client;

  beforeAll(async () => {
    postgres = await startPostgres();
    db = new Client(postgres.url);
    await db.connect();
    first = await ServerProcess.start(settings('first', '01'.repeat(32)));
  }, 60_000);

  afterAll(async () => {
    await first?.kill('SIGKILL');
    await db?.end();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const settings = (name: string, masterKey: string): Record<string, string> => ({
    DATABASE_URL: postgres.url,
    NATS_URL: 'nats://127.0.0.1:1',
    SWITCHBOARD_ACCOUNT_KEY: ACCOUNT,
    SWITCHBOARD_DATA_DIR: join(folder, name),
    SWITCHBOARD_MASTER_KEY: masterKey,
  });

  const database = async () => ({
    keys: (await db.query('SELECT * FROM api_key ORDER BY id')).rows,
    owners: (await db.query('SELECT DISTINCT owner FROM lease')).rows,
    migrations: (await db.query('SELECT * FROM schema_migration ORDER BY version')).rows,
  });

  it('does not start, says in one sentence what to do, and changes nothing', async () => {
    const before = await database();
    const { code, output } = await ServerProcess.failing(settings('second', '02'.repeat(32)));
    expect(code).toBe(1);
    expect(output).toMatch(/^switchboard cannot start: the master key .*: set SWITCHBOARD_MASTER_KEY to .*$/m);
    expect(output).not.toContain('02'.repeat(32));
    expect(await database()).toEqual(before);
    const answer = await request(`${first.url}/v2/apps`, {
      headers: { authorization: `Basic ${Buffer.from(ACCOUNT).toString('base64')}` },
    });
    expect(answer.statusCode).toBe(200);
  });

  it('leaves no nats-server of its own behind either', async () => {
    const { NATS_URL: _, ...own } = settings('third', '03'.repeat(32));
    expect((await ServerProcess.failing(own)).code).toBe(1);
    expect(readdirSync(join(folder, 'third'))).not.toContain('nats');
  });

  it('starts beside the first with the same key', async () => {
    const second = await ServerProcess.start(settings('fourth', '01'.repeat(32)));
    expect(await second.kill('SIGTERM')).toBe(0);
  });
});
