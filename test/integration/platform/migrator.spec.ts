import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { migrate } from '../../../src/platform/postgres/migrator.js';
import { migrationsDir } from '../../../src/platform/root.js';
import { testDatabase, type TestDatabase } from '../../support/servers.js';

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
});
