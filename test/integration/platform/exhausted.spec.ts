import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { Client } from 'pg';
import request from 'supertest';
import { Db } from '../../../src/platform/postgres/index.js';
import { startApp, type StartedApp } from '../../support/app.js';
import { testDatabase, type TestDatabase } from '../../support/servers.js';
import { until } from '../../support/until.js';

const STATES = ['53000', '53100', '53200', '53300', '53400', '58000', '58030', '58P01'];

/** The name of a row, or the text of a message, says which error PostgreSQL answers: `fails with 53100`. */
const FAILING = `
  CREATE FUNCTION fail_with() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE state text := substring(to_jsonb(NEW)::text from 'fails (?:late )?with (\\w{5})');
  BEGIN
    IF state IS NULL OR (TG_NAME = 'fail_late') <> (to_jsonb(NEW)::text LIKE '%fails late%') THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'made to fail' USING ERRCODE = state;
  END $$;
  CREATE TRIGGER fail_now BEFORE INSERT ON message FOR EACH ROW EXECUTE FUNCTION fail_with();
  CREATE TRIGGER fail_now BEFORE INSERT ON app_user FOR EACH ROW EXECUTE FUNCTION fail_with();
  CREATE CONSTRAINT TRIGGER fail_late AFTER INSERT ON message
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail_with();
  CREATE CONSTRAINT TRIGGER fail_late AFTER INSERT ON app_user
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail_with();`;

describe('PostgreSQL that has run out of something', () => {
  let database: TestDatabase;
  let started: StartedApp;
  let client: Client;
  let path: string;
  let conversation: string;
  let auth: string;

  const post = (to: string, body: object) => request(started.url).post(to).set('authorization', auth).send(body);

  beforeAll(async () => {
    database = await testDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query(FAILING);
    started = await startApp({ settings: { DATABASE_URL: database.url } });
    const { id, secret } = started.accountKey;
    auth = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    const { body: made } = await post('/v2/apps', { displayName: 'exhausted' });
    path = `/v2/apps/${made.app.id}`;
    const { body } = await post(`${path}/keys`, { displayName: 'exhausted' });
    auth = `Basic ${Buffer.from(`${body.key.id}:${body.key.secret}`).toString('base64')}`;
    await post(`${path}/users`, { externalId: 'somebody' });
    const opened = await post(`${path}/conversations`, {
      type: 'personal',
      participants: [{ userExternalId: 'somebody' }],
    });
    conversation = `${path}/conversations/${opened.body.conversation.id}`;
  });

  afterAll(async () => {
    await started?.close();
    await client?.end();
    await database?.drop();
  });

  const message = (text: string) =>
    post(`${conversation}/messages`, { author: { type: 'business' }, content: { type: 'text', text } });
  const user = (externalId: string) => post(`${path}/users`, { externalId });

  const cases = STATES.flatMap((state) => [`fails with ${state}`, `fails late with ${state}`]);

  it.each(cases)('a message that %s: 503 with Retry-After, nothing stored, and the next one goes', async (text) => {
    const { status, body, headers } = await message(text);
    expect([status, body.errors[0].code]).toEqual([503, 'unavailable']);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(headers['switchboard-error-id']).toMatch(/^[0-9a-f]{24}$/);
    expect((await message('fine')).status).toBe(201);
    const { rowCount } = await client.query(`SELECT FROM message WHERE body::text LIKE '%' || $1 || '%'`, [text]);
    expect(rowCount).toBe(0);
  });

  it.each(cases)('a user who %s: 503 with Retry-After, nothing stored, and the next one goes', async (name) => {
    const { status, body, headers } = await user(name);
    expect([status, body.errors[0].code]).toEqual([503, 'unavailable']);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect((await user(name.replace('fails', 'is fine'))).status).toBe(201);
    expect((await client.query('SELECT FROM app_user WHERE external_id = $1', [name])).rowCount).toBe(0);
  });

  it('those who went in one group with it are told the same, and nobody is answered what did not happen', async () => {
    const texts = Array.from({ length: 20 }, (_, n) => (n === 7 ? 'fails with 53100' : `beside ${n}`));
    const users = await Promise.all(
      texts.map(async (_, n) => {
        await post(`${path}/users`, { externalId: `beside-${n}` });
        const { body } = await post(`${path}/conversations`, {
          type: 'personal',
          participants: [{ userExternalId: `beside-${n}` }],
        });
        return `${path}/conversations/${body.conversation.id}/messages`;
      }),
    );
    const answers = await Promise.all(
      texts.map((text, n) => post(users[n]!, { author: { type: 'business' }, content: { type: 'text', text } })),
    );
    const { rows } = await client.query<{ text: string }>(`SELECT body #>> '{content,text}' AS text FROM message`);
    const stored = new Set(rows.map(({ text }) => text));
    for (const [n, { status }] of answers.entries()) {
      expect([201, 503]).toContain(status);
      expect(stored.has(texts[n]!)).toBe(status === 201);
    }
  });

  it('is not ready, says of what it has run out, counts it, and is ready again when that is over', async () => {
    const health = () => request(started.url).get('/health/ready');
    expect((await message('fails with 53100')).status).toBe(503);
    const { status, body } = await health();
    expect([status, body.postgres, body.exhausted]).toEqual([503, 'exhausted', 'disk_full']);
    const { text } = await request(started.url).get('/metrics');
    expect(text).toMatch(/switchboard_postgres_failures_total\{condition="disk_full"\} \d+/);
    await until(async () => (await health()).status === 200, { what: 'ready again' });
    expect((await health()).body).toMatchObject({ postgres: 'reachable', exhausted: null });
  });

  it('a row that somebody else holds for too long is 503 too, and no fault of ours', async () => {
    const appId = path.split('/').at(-1);
    await client.query('BEGIN');
    await client.query('SELECT FROM app WHERE id = $1 FOR UPDATE', [appId]);
    const { status, body } = await user('held up');
    await client.query('ROLLBACK');
    expect([status, body.errors[0].code]).toEqual([503, 'unavailable']);
  });
});

describe('a limit that PostgreSQL sets', () => {
  let database: TestDatabase;
  let db: Db;
  beforeAll(async () => {
    database = await testDatabase();
    db = new Db(database.url);
  });
  afterAll(async () => {
    await db.close();
    await database.drop();
  });

  it('temporary files beyond it: unavailable, rolled back, and the connection is good for the next', async () => {
    const tooMuch = db.as('relay').transaction(async (tx) => {
      // Which only a superuser may set.
      await sql`SET LOCAL ROLE NONE`.execute(tx);
      await sql`SET LOCAL temp_file_limit = '64kB'`.execute(tx);
      await sql`SET LOCAL work_mem = '64kB'`.execute(tx);
      await sql`SELECT count(*) FROM (SELECT n FROM generate_series(1, 300000) n ORDER BY random()) sorted`.execute(tx);
    });
    await expect(tooMuch).rejects.toMatchObject({ code: 'unavailable', details: { retryAfterSeconds: 2 } });
    expect(db.standing.exhausted).toEqual({ condition: 'configuration_limit_exceeded', ofAll: false });
    await expect(db.as('relay').transaction((tx) => sql`SELECT 1`.execute(tx))).resolves.toBeDefined();
  });
});
