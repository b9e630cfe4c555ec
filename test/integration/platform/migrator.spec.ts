import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { migrate } from '../../../src/platform/postgres/migrator.js';
import { migrationsDir } from '../../../src/platform/root.js';
import { testDatabase, type TestDatabase } from '../../support/servers.js';
import { until } from '../../support/until.js';

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'switchboard-migrations-'));
});

afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

/** A database without our schema, and a folder of migrations of its own. */
async function scene(
  files: Record<string, string>,
): Promise<{ url: string; directory: string; rows(sql: string): Promise<unknown[]> }> {
  const name = `scene_${Math.random().toString(36).slice(2)}`;
  const url = new URL(database.url);
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  url.pathname = name;
  const directory = await mkdtemp(join(folder, 'scene-'));
  await Promise.all(Object.entries(files).map(([file, sql]) => writeFile(join(directory, file), sql)));
  return { url: url.href, directory, rows: (sql) => rows(url.href, sql) };
}

async function rows(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('migrate', () => {
  it('applies nothing to a database that is current', async () => {
    expect(await migrate(database.url, migrationsDir)).toEqual([]);
  });

  it('applies each file once when two migrators start at the same time', async () => {
    const {
      url,
      directory,
      rows: read,
    } = await scene({
      '0001_first.sql': 'CREATE TABLE a (n int); INSERT INTO a VALUES (1); SELECT pg_sleep(0.2);',
      '0002_second.sql': 'INSERT INTO a VALUES (2);',
    });
    const applied = await Promise.all([migrate(url, directory), migrate(url, directory), migrate(url, directory)]);
    expect(applied.flat().sort()).toEqual(['0001_first.sql', '0002_second.sql']);
    expect(await read('SELECT n FROM a ORDER BY n')).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('leaves nothing of a file that fails, and keeps the files before it', async () => {
    const {
      url,
      directory,
      rows: read,
    } = await scene({
      '0001_good.sql': 'CREATE TABLE good (n int);',
      '0002_bad.sql': 'CREATE TABLE half (n int); SELECT 1 / 0;',
    });
    await expect(migrate(url, directory)).rejects.toThrow(/0002_bad\.sql.*division by zero/);
    expect(await read('SELECT name FROM schema_migration')).toEqual([{ name: '0001_good.sql' }]);
    expect(await read(`SELECT to_regclass('half') AS half`)).toEqual([{ half: null }]);
  });

  it('refuses a database that is newer than the program', async () => {
    const { url, directory } = await scene({ '0001_a.sql': 'SELECT 1;', '0002_b.sql': 'SELECT 1;' });
    await migrate(url, directory);
    await rm(join(directory, '0002_b.sql'));
    await expect(migrate(url, directory)).rejects.toThrow(/newer than this program.*0002_b\.sql/);
  });

  it('refuses a file that was changed after it was applied', async () => {
    const { url, directory } = await scene({ '0001_a.sql': 'SELECT 1;' });
    await migrate(url, directory);
    await writeFile(join(directory, '0001_a.sql'), 'SELECT 2;');
    await expect(migrate(url, directory)).rejects.toThrow(/0001_a\.sql was changed/);
  });

  describe('behind another program that holds what it needs', () => {
    const patience = { lockMs: 400, pauseMs: 50, inAllMs: 1_500 };

    /** A migration that has to wait for somebody who has read the table and not ended. */
    async function held() {
      const { url, directory } = await scene({ '0001_a.sql': 'CREATE TABLE a (n int);' });
      await migrate(url, directory);
      await writeFile(join(directory, '0002_b.sql'), 'ALTER TABLE a ADD COLUMN m int;');
      const holder = new Client({ connectionString: url, application_name: 'nightly copy' });
      await holder.connect();
      await holder.query('BEGIN');
      await holder.query('SELECT FROM a');
      const said: string[] = [];
      return { url, holder, said, run: () => migrate(url, directory, { say: (line) => said.push(line), patience }) };
    }

    it('says what it waits for, and goes on once that is free', async () => {
      const { holder, said, run } = await held();
      const done = run();
      await until(() => said.length > 0, { what: 'the line' });
      expect(said[0]).toMatch(
        /^migration 0002_b\.sql waits for a lock that process \d+ .*nightly copy.*idle in transaction.*on a\) holds: /,
      );
      await holder.query('COMMIT');
      expect(await done).toEqual(['0002_b.sql']);
      expect(said).toHaveLength(1);
      await holder.end();
    });

    it('gives up in one sentence, changes nothing, and lets those behind it through meanwhile', async () => {
      const { url, holder, run } = await held();
      const over = expect(run()).rejects.toThrow(
        /^migration 0002_b\.sql needs a lock that process \d+ .*nightly copy.* held for longer than 2 seconds: .*start again$/,
      );
      const WAITS = "SELECT FROM pg_locks WHERE NOT granted AND relation = 'a'::regclass";
      await until(async () => (await rows(url, WAITS)).length > 0, { what: 'the migration to wait' });
      // While the holder still holds: whoever asks next waits no longer than for one attempt.
      expect(await rows(url, 'SELECT n FROM a')).toEqual([]);
      expect(await rows(url, "SELECT FROM pg_stat_activity WHERE application_name = 'nightly copy'")).toHaveLength(1);
      await over;
      expect(await rows(url, 'SELECT name FROM schema_migration')).toEqual([{ name: '0001_a.sql' }]);
      await holder.end();
      expect(await run()).toEqual(['0002_b.sql']);
    });
  });
});
