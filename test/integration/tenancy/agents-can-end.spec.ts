import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { decidingSettings } from '../../../src/configuration/app-settings.js';
import { migrate } from '../../../src/platform/postgres/migrator.js';
import { migrationsDir } from '../../../src/platform/root.js';
import { testDatabase, type TestDatabase } from '../../support/servers.js';

const feature = '0008_agents_can_end.sql';
let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'switchboard-before-'));
});

afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

/** The same server, with a database whose schema is the one before the feature. */
async function before(): Promise<Client> {
  const admin = new Client({ connectionString: database.url });
  await admin.connect();
  const name = `${new URL(database.url).pathname.slice(1)}_before`;
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.end();
  const url = new URL(database.url);
  url.pathname = name;
  const earlier = (await readdir(migrationsDir)).filter((file) => /^\d{4}_/.test(file) && file < feature);
  await Promise.all(earlier.map((file) => copyFile(join(migrationsDir, file), join(folder, file))));
  await migrate(url.href, folder);
  const client = new Client({ connectionString: url.href });
  await client.connect();
  return client;
}

it('A-3 apps that were there before keep it off, unless they said otherwise', async () => {
  const client = await before();
  try {
    await client.query(`INSERT INTO app (id, display_name, settings, created_at) VALUES
      ('000000000000000000000001', 'silent', '{"multiConvoEnabled": true}', now()),
      ('000000000000000000000002', 'said so', '{"agentsCanEnd": true}', now())`);
    const url = new URL(database.url);
    url.pathname = client.database ?? '';
    await migrate(url.href, migrationsDir);
    const { rows } = await client.query('SELECT settings, config_version FROM app ORDER BY id');
    expect(rows.map(({ settings }) => decidingSettings(settings).agentsCanEnd)).toEqual([false, true]);
    expect(rows[0]).toMatchObject({ settings: { multiConvoEnabled: true, agentsCanEnd: false } });
    // Once more than what other migrations raised for all.
    const [silent, saidSo] = rows.map(({ config_version }) => Number(config_version));
    expect(silent! - saidSo!).toBe(1);
  } finally {
    await client.end();
    const admin = new Client({ connectionString: database.url });
    await admin.connect();
    await admin.query(`DROP DATABASE ${client.database}`);
    await admin.end();
  }
});
