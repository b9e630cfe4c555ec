import { copyFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { agentOf } from '../../../src/agents/index.js';
import { columnsOf } from '../../../src/agents/rows/agent-rows.store.js';
import { migrate } from '../../../src/platform/postgres/migrator.js';
import { migrationsDir } from '../../../src/platform/root.js';
import { openStage, type Json, type Stage } from '../tenancy/stage.js';
import { emptyDatabase, type TestDatabase } from '../../support/servers.js';
import { until } from '../../support/until.js';

/** What the commands of commit 571b781 wrote: sessions of the app with agents of another (`crossed-work.sql`). */
const APP = '01a2215fe13ab68e83963880';
const OTHER = '01a2215fe17c67c4a4ddc19c';
/** Of the app; it owns the session that was offered on. */
const OWN = '01a2215fe17c3ce5b69b2e9c';
/** Of the other one; the second counts in buckets. */
const THEIRS = '01a2215fe18a0c107ca2e206';
const FULL = '01a2215fe18a8a9ef37b110f';
const SESSIONS = {
  assigned: '01a2215fe1bc7629336575b1',
  offered: '01a2215fe1dee522a769f96f',
  accepted: '01a2215fe23bd404a6ffeea3',
  observed: '01a2215fe27741de09fff728',
  ended: '01a2215fe2adf8581aedc232',
};
const RIGHTFUL = '01a2215fe2df8fd4d5f0913f';

let database: TestDatabase;
let folder: string;
let sql: Client;
let stage: Stage;
const said: string[] = [];

beforeAll(async () => {
  database = await emptyDatabase();
  folder = await mkdtemp(join(tmpdir(), 'switchboard-before-'));
  const before = (await readdir(migrationsDir)).filter((name) => /^00(0\d|10)_/.test(name));
  await Promise.all(before.map((name) => copyFile(join(migrationsDir, name), join(folder, name))));
  await migrate(database.url, folder);
  sql = new Client(database.url);
  await sql.connect();
  await sql.query(await readFile(new URL('../../support/fixtures/crossed-work.sql', import.meta.url), 'utf8'));
  await sql.query(`UPDATE agent SET profile = profile || '{"sessionPanel": false}' WHERE id = $1`, [FULL]);
  await migrate(database.url, migrationsDir, { say: (line) => said.push(line) });
}, 60_000);
afterAll(async () => {
  await stage?.close();
  await sql?.end();
  await database?.drop();
  await rm(folder, { recursive: true });
});

const read = async (text: string, values: unknown[] = []): Promise<Json[]> => (await sql.query(text, values)).rows;

describe('a database in which sessions are with agents of another app', () => {
  it('is migrated: the agents have their capacity back, and what was theirs by right', async () => {
    const agents = await read(`SELECT * FROM agent WHERE app_id = $1 ORDER BY id`, [OTHER]);
    expect(agents.map(({ id, work }) => [id, work.map((item: Json) => item.sessionId)])).toEqual([
      [THEIRS, [RIGHTFUL]],
      [FULL, []],
    ]);
    // The columns that routing chooses by, as the core counts them.
    for (const row of await read(`SELECT * FROM agent`)) {
      const { primary_used, open_items, capacity } = columnsOf(agentOf(row));
      expect(row).toMatchObject({ primary_used, open_items, capacity: JSON.parse(capacity) });
    }
  });

  it('keeps of the layout of agents what differs from that of their app', async () => {
    const agents = await read(`SELECT id, profile FROM agent WHERE app_id = $1 ORDER BY id`, [OTHER]);
    expect(agents.map(({ id, profile }) => [id, profile.sessionPanel, profile.hideCustomerInactive])).toEqual([
      [THEIRS, null, null],
      [FULL, false, null],
    ]);
  });

  it('has no row left that joins two apps', async () => {
    const crossing = await read(`
      SELECT w.id FROM work_item w JOIN agent a ON a.id = w.agent_id JOIN session s ON s.id = w.session_id
      WHERE w.app_id <> a.app_id OR s.app_id <> a.app_id
      UNION ALL SELECT t.id FROM agent_timer t JOIN agent a ON a.id = t.agent_id WHERE a.app_id <> t.app_id`);
    expect(crossing).toEqual([]);
  });

  it('says what it closed, one line each, and keeps it in a table', async () => {
    expect(said).toHaveLength(5);
    for (const line of said) expect(line).toMatch(new RegExp(`app ${APP} was with agent .* of app ${OTHER}: closed`));
    const kept = await read(
      `SELECT session_id, what, agent_id, was ->> 'status' AS status FROM crossed_work ORDER BY 1`,
    );
    expect(kept).toEqual([
      { session_id: SESSIONS.assigned, what: 'work', agent_id: THEIRS, status: 'open' },
      { session_id: SESSIONS.offered, what: 'work', agent_id: THEIRS, status: 'offered' },
      { session_id: SESSIONS.accepted, what: 'work', agent_id: FULL, status: 'open' },
      { session_id: SESSIONS.observed, what: 'observer', agent_id: THEIRS, status: null },
      { session_id: SESSIONS.ended, what: 'work', agent_id: THEIRS, status: 'afterWork' },
    ]);
  });

  it('starts a server, and its sessions wait for an agent of their own again', async () => {
    stage = await openStage({ settings: { DATABASE_URL: database.url } });
    const untold = () => read(`SELECT FROM crossed_work WHERE told_at IS NULL`);
    await until(async () => (await untold()).length === 0, { timeoutMs: 30_000, what: 'the sessions to hear of it' });
    const session = async (id: string): Promise<Json> =>
      (await stage.account.get(`/v2/apps/${APP}/sessions/${id}`)).body.session;
    const accepted = await session(SESSIONS.accepted);
    const observed = await session(SESSIONS.observed);
    for (const one of [await session(SESSIONS.assigned), accepted]) {
      expect(one).toMatchObject({ status: 'WAITING' });
      expect(JSON.stringify(one)).not.toContain(`"agentId":"${THEIRS}","role":"agent","leftAt":null`);
    }
    const states = await read(
      `SELECT state -> 'session' AS session FROM conversation WHERE app_id = $1 AND state -> 'session' ->> 'endedAt' IS NULL`,
      [APP],
    );
    const inIt = states.flatMap(({ session: { human, waiting, transferring } }) => [
      human?.owner,
      waiting?.offer?.agentId,
      transferring?.agentId,
      ...(human?.participants ?? []).filter(({ leftAt }: Json) => leftAt === null).map(({ agentId }: Json) => agentId),
    ]);
    expect(new Set(inIt.filter((id) => typeof id === 'string'))).toEqual(new Set([OWN]));
    expect(observed.status).toBe('ACTIVE');
    expect((await session(SESSIONS.offered)).status).toBe('ACTIVE');
    const events = await read(
      `SELECT e.type FROM event e JOIN conversation c ON c.id = e.conversation_id
       WHERE c.app_id = $1 AND c.state -> 'session' ->> 'id' = $2 AND e.type IN ('agentLeft', 'sessionQueued')
       ORDER BY e.seq DESC LIMIT 2`,
      [APP, SESSIONS.assigned],
    );
    // What came after it, such as an offer to one of their own, is nothing of this.
    expect(events.map(({ type }) => type)).toEqual(['sessionQueued', 'agentLeft']);
  });

  it('has it in the audit log of the app whose sessions they are', async () => {
    const { entries } = (await stage.account.get(`/v2/apps/${APP}/audit`)).body;
    const deeds = entries.map(({ action, before }: Json) => [action, before.sessionId]);
    expect(deeds.toSorted()).toEqual(
      [
        ['workItem.close', SESSIONS.assigned],
        ['workItem.close', SESSIONS.offered],
        ['workItem.close', SESSIONS.accepted],
        ['session.leave', SESSIONS.observed],
        ['workItem.close', SESSIONS.ended],
      ].toSorted(),
    );
    expect((await stage.account.get(`/v2/apps/${APP}/audit/verify`)).body).toMatchObject({
      verification: { broken: null, complete: true },
    });
  });

  it('takes no row from then on that joins two apps', async () => {
    const { rows: keys } = await sql.query(`
      SELECT c.relname AS table, p.relname AS parent, pg_get_constraintdef(k.oid) AS is
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid
      WHERE k.contype = 'f' AND p.relname <> 'app' AND c.relnamespace = 'public'::regnamespace
        AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = p.oid AND a.attname = 'app_id' AND NOT a.attisdropped)
        AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'app_id' AND NOT a.attisdropped)`);
    expect(keys.length).toBeGreaterThan(10);
    expect(keys.filter(({ is }) => !is.startsWith('FOREIGN KEY (app_id, '))).toEqual([]);
    const crossed = `INSERT INTO agent_timer (id, agent_id, app_id, kind, subject, due_at)
                     VALUES ('x', $1, $2, 'silence', 'x', now())`;
    await expect(sql.query(crossed, [THEIRS, APP])).rejects.toMatchObject({ code: '23503' });
  });
});
