import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { newId } from '../../../src/platform/ids.js';
import { migrate } from '../../../src/platform/postgres/migrator.js';
import { migrationsDir } from '../../../src/platform/root.js';
import { testDatabase, type TestDatabase } from '../../support/servers.js';

let database: TestDatabase;
let folder: string;
let client: Client;
const name = `before_readers_${Math.random().toString(36).slice(2)}`;

/** A database as it was before it knew who has to do with a session. */
beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'switchboard-before-'));
  const files = (await readdir(migrationsDir)).filter((file) => /^\d{4}_.*\.sql$/.test(file) && file < '0014');
  await Promise.all(files.map((file) => copyFile(join(migrationsDir, file), join(folder, file))));
  const owner = new Client({ connectionString: database.url });
  await owner.connect();
  await owner.query(`CREATE DATABASE ${name}`);
  await owner.end();
  const url = new URL(database.url);
  url.pathname = name;
  await migrate(url.href, folder);
  client = new Client({ connectionString: url.href });
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await database?.drop();
  if (folder) await rm(folder, { recursive: true });
});

const took = (agentId: string) => ({ agentId, role: 'agent', leftAt: 5 });
const looks = (agentId: string, leftAt: number | null = null) => ({ agentId, role: 'supervisor', leftAt });

async function session(row: object, live: object | null, ended: boolean): Promise<string> {
  const [id, conversationId, appId] = [newId(), newId(), newId()];
  if (live)
    await client.query(
      `INSERT INTO conversation (id, app_id, type, seq, control_epoch, state, last_updated_at, created_at)
       VALUES ($1, $2, 'personal', 1, 0, $3, now(), now())`,
      [conversationId, appId, { session: { id, ...live } }],
    );
  await client.query(
    `INSERT INTO session (id, app_id, conversation_id, status, started_at, ended_at, data)
     VALUES ($1, $2, $3, $4, now(), $5, $6)`,
    [id, appId, conversationId, ended ? 'ENDED' : 'ACTIVE', ended ? new Date() : null, row],
  );
  return id;
}

describe('sessions that were there before', () => {
  it('tell who had them, and of those that live who looks on and who is asked', async () => {
    const [a, b, c, d] = [newId(), newId(), newId(), newId()] as const;
    const human = { participants: [took(a), took(b), took(a), looks(c, 9), looks(d)] };
    const wanted: [string, string[], string[]][] = [
      [await session({ human: null }, { human: null }, false), [], []],
      [await session({ human }, null, true), [a, b], []],
      // The row of a live session lags behind: its conversation tells.
      [await session({ human: null }, { human, transferring: { agentId: c } }, false), [a, b], [c, d]],
      [await session({ human: null }, { human: null, waiting: { offer: { agentId: a } } }, false), [], [a]],
      [await session({ human: null }, { human: { participants: [] }, waiting: { offer: null } }, false), [], []],
    ];
    const url = new URL(database.url);
    url.pathname = name;
    expect(await migrate(url.href, migrationsDir)).toContain('0014_readers.sql');
    const { rows } = await client.query<{ id: string; agents: string[]; guests: string[] }>(
      'SELECT id, agents, guests FROM session',
    );
    const found = new Map(rows.map(({ id, agents, guests }) => [id, [agents.toSorted(), guests.toSorted()]]));
    for (const [id, agents, guests] of wanted) expect(found.get(id)).toEqual([agents.toSorted(), guests.toSorted()]);
  });
});
