import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import { Client } from 'pg';
import { request } from 'undici';
import { Heap } from '../support/heap.js';
import { LogLines } from '../support/log-lines.js';
import { ServerProcess } from '../support/process.js';
import { startNats, startPostgres, type OwnNats, type OwnServer } from '../support/servers.js';
import { until } from '../support/until.js';

const ACCOUNT = `act_${'a1'.repeat(12)}:log-account-secret-0123456789`;
const ANSWERS = Number(process.env['SWITCHBOARD_TEST_FAILING_ANSWERS'] ?? 10_000);
/** A tenth of what one kept line of each answer would cost. */
const MOST_GROWTH = ANSWERS * 150;

// oxlint-disable-next-line typescript/no-explicit-any
type Json = any;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Json;
}

/** What the built server writes to its log, read as an operator reads it. */
describe('the log of the built server', () => {
  const log = new LogLines();
  const dataDir = mkdtempSync(join(tmpdir(), 'switchboard-log-'));
  let postgres: OwnServer;
  let nats: OwnNats;
  let server: ServerProcess;
  let db: Client;
  let heap: Heap;
  let appId: string;
  let appKey: string;

  beforeAll(async () => {
    [postgres, nats] = await Promise.all([startPostgres(), startNats()]);
    db = new Client(postgres.url);
    db.on('error', () => undefined);
    await db.connect();
    server = await ServerProcess.start(
      {
        DATABASE_URL: postgres.url,
        NATS_URL: nats.url,
        NODE_OPTIONS: '--inspect=127.0.0.1:0',
        SWITCHBOARD_ACCOUNT_KEY: ACCOUNT,
        SWITCHBOARD_DATA_DIR: dataDir,
        SWITCHBOARD_LEDGER_WRITERS: '1',
      },
      log.take,
    );
    heap = await Heap.of(() => server.output);
    const { body } = await call(ACCOUNT, '/v2/apps', { displayName: 'log', settings: { multiConvoEnabled: true } });
    appId = body.app.id;
    const { key } = (await call(ACCOUNT, `/v2/apps/${appId}/keys`, { displayName: 'log' })).body;
    appKey = `${key.id}:${key.secret}`;
    await until(async () => (await health()).nats === 'connected', { what: 'NATS' });
  }, 90_000);

  afterAll(async () => {
    heap?.close();
    await server?.kill('SIGKILL');
    await db?.end().catch(() => undefined);
    await nats?.stop();
    await postgres?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function call(key: string, path: string, body?: object, requestId?: string): Promise<Answer> {
    const answer = await request(`${server.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(key).toString('base64')}`,
        'content-type': 'application/json',
        ...(requestId && { 'x-request-id': requestId }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, headers: answer.headers, body: await answer.body.json() };
  }

  const health = async () => (await call(ACCOUNT, '/health/ready')).body;

  const say = (conversationId: string, text: string, requestId: string): Promise<Answer> =>
    call(
      appKey,
      `/v2/apps/${appId}/conversations/${conversationId}/messages`,
      { author: { type: 'business' }, content: { type: 'text', text } },
      requestId,
    );

  async function conversation(externalId: string): Promise<string> {
    await call(appKey, `/v2/apps/${appId}/users`, { externalId });
    const { body } = await call(appKey, `/v2/apps/${appId}/conversations`, {
      type: 'personal',
      participants: [{ userExternalId: externalId }],
    });
    return body.conversation.id;
  }

  /** As an operator does by hand who forgot the other window. */
  async function whileSomebodyHolds(conversationId: string, work: () => Promise<void>): Promise<void> {
    await db.query('BEGIN');
    try {
      const { rows } = await db.query('SELECT FROM conversation WHERE id = $1 FOR UPDATE', [conversationId]);
      expect(rows).toHaveLength(1);
      await work();
    } finally {
      await db.query('ROLLBACK');
    }
  }

  it('has the error id of a 503, with app, conversation and request id', async () => {
    const conversationId = await conversation('held');
    await whileSomebodyHolds(conversationId, async () => {
      const { status, headers } = await say(conversationId, 'hello', 'request-held');
      expect([status, headers['x-request-id']]).toEqual([503, 'request-held']);
      const line = log.find({ errorId: headers['switchboard-error-id'] });
      expect(line).toMatchObject({ appId, conversationId, requestId: 'request-held', code: 'unavailable' });
    });
  });

  it('names a timer that cannot be fired, with app and conversation, once and not at each sweep', async () => {
    const conversationId = await conversation('timed');
    const timerId = 'f'.repeat(24);
    await whileSomebodyHolds(conversationId, async () => {
      const other = new Client(postgres.url);
      await other.connect();
      await other.query(
        `INSERT INTO timer (id, conversation_id, app_id, kind, subject, due_at)
         VALUES ($1, $2, $3, 'offerExpiry', '1', now())`,
        [timerId, conversationId, appId],
      );
      await other.end();
      await until(() => log.find({ timerId }), { timeoutMs: 30_000, what: 'the line of the timer' });
      await until(async () => (await figure('switchboard_ledger_retries_total{cause="locked"}')) > 3, {
        what: 'sweeps',
      });
    });
    await until(async () => (await db.query('SELECT FROM timer WHERE id = $1', [timerId])).rowCount === 0, {
      what: 'the timer to be fired',
    });
    expect(log.all({ timerId })).toEqual([expect.objectContaining({ appId, conversationId, context: 'TimersSweep' })]);
  });

  const figure = async (name: string): Promise<number> => {
    const answer = await request(`${server.url}/metrics`);
    const line = (await answer.body.text()).split('\n').find((one) => one.startsWith(name));
    return Number(line?.split(' ').at(-1) ?? 0);
  };

  it('names the command that made its group fail, with app, conversation and request id', async () => {
    await db.query(`
      CREATE FUNCTION refuse_poison() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.body::text LIKE '%poison%' THEN RAISE EXCEPTION 'poison' USING ERRCODE = 'check_violation'; END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER refuse_poison BEFORE INSERT ON message FOR EACH ROW EXECUTE FUNCTION refuse_poison()`);
    const ids = await Promise.all(Array.from({ length: 12 }, (_, n) => conversation(`group-${n}`)));
    const isPoison = (n: number): boolean => n === 5;
    const halved = () => log.lines.find(({ msg }) => msg === 'a group of commands failed and is halved');
    for (let round = 0; halved() === undefined; round += 1) {
      const answers = await Promise.all(
        ids.map((id, n) => say(id, isPoison(n) ? 'poison' : 'fine', `group-${round}-${n}`)),
      );
      expect(answers.map(({ status }) => status)).toEqual(ids.map((_, n) => (isPoison(n) ? 500 : 201)));
      expect(round).toBeLessThan(50);
    }
    await db.query('DROP FUNCTION refuse_poison CASCADE');
    const named = log.lines.filter(({ msg = '' }) => msg.startsWith('a command made its group fail'));
    expect(named.length).toBeGreaterThan(0);
    for (const line of named) {
      expect(line).toMatchObject({ appId, conversationId: ids[5], err: { code: '23514', message: 'poison' } });
      expect(line['requestId']).toMatch(/^group-\d+-5$/);
      expect(log.find({ requestId: line['requestId'], code: 'internal_error' })).toMatchObject({ appId });
    }
    expect(halved()?.['commands']).toContainEqual(
      expect.objectContaining({ appId, conversationId: ids[5], requestId: expect.stringMatching(/^group-\d+-5$/) }),
    );
  });

  it('names an event that was given up and one that is tried again, with app and conversation', async () => {
    const conversationId = 'c'.repeat(24);
    const connection = await connect({ servers: nats.url });
    const subject = `switchboard.v1.session.ended.${appId}.${conversationId}`;
    connection.publish(subject, 'this is no event');
    const event = { specversion: '1.0', id: 'e'.repeat(24), type: 'switchboard.v1.session.ended', data: { appId } };
    connection.publish(subject, JSON.stringify(event));
    await connection.drain();
    await until(() => log.find({ msg: 'an event was given up' }), { what: 'the poisoned event' });
    expect(log.find({ msg: 'an event was given up' })).toMatchObject({ appId, conversationId, subject, attempts: 1 });
    await until(() => log.find({ eventId: event.id }), { what: 'the event that is tried again' });
    expect(log.find({ eventId: event.id })).toMatchObject({ appId, conversationId, subject });
  });

  it('tells that NATS is lost, that it refuses us, and that it is back: a line for each, not for each attempt', async () => {
    const told = () => log.lines.filter(({ context }) => context === 'Nats');
    const reasons = () => told().map(({ msg, err }) => err?.message ?? msg);
    nats.kill();
    await nats.stopped();
    await until(() => reasons().length > 0, { what: 'the loss' });
    const guarded = await guardedNats(nats.port);
    await until(() => reasons().some((reason) => /authorization/i.test(reason)), { what: 'the refusal' });
    guarded.kill();
    await once(guarded, 'exit');
    await nats.restart();
    await until(() => told().some(({ level }) => level === 30), { what: 'the connection' });
    expect(new Set(reasons()).size).toBe(reasons().length);
    expect(reasons().length).toBeLessThan(8);
  });

  /** On the same port, for users with a password alone. */
  async function guardedNats(port: number): Promise<ChildProcess> {
    const command = process.env['TEST_NATS_SERVER'] ?? 'nats-server';
    const args = ['-a', '127.0.0.1', '-p', String(port), '--user', 'somebody', '--pass', 'else'];
    const child = spawn(command, args, { stdio: 'ignore' });
    await once(child, 'spawn');
    return child;
  }

  it(`has the id of each of ${ANSWERS} failing answers, and keeps none of them in memory`, async () => {
    postgres.kill();
    await until(async () => (await call(appKey, `/v2/apps/${appId}`)).status === 503, { what: 'the first 503' });
    await fail(1_000);
    const before = await heap.used();
    const ids = await fail(ANSWERS);
    await until(() => log.find({ errorId: ids.at(-1) }), { what: 'the last line' });
    const grown = (await heap.used()) - before;
    const told = new Set(log.lines.map(({ errorId }) => errorId));
    expect(ids.filter((id) => !told.has(id))).toEqual([]);
    expect(grown).toBeLessThan(MOST_GROWTH);
  }, 240_000);

  /** The error ids of so many answers. */
  async function fail(count: number): Promise<string[]> {
    const ids: string[] = [];
    let begun = 0;
    const askSome = async (): Promise<void> => {
      while (begun++ < count) {
        const { status, headers } = await call(appKey, `/v2/apps/${appId}/conversations/${'0'.repeat(24)}`);
        expect(status).toBe(503);
        ids.push(String(headers['switchboard-error-id']));
      }
    };
    await Promise.all(Array.from({ length: 32 }, askSome));
    return ids;
  }

  it('never has a secret in it', () => {
    expect(log.lines.length).toBeGreaterThan(ANSWERS);
    const all = log.lines.map((line) => JSON.stringify(line)).join('\n');
    for (const secret of [ACCOUNT.split(':')[1]!, appKey.split(':')[1]!, new URL(postgres.url).password])
      expect(all.includes(secret)).toBe(false);
  });
});

describe('a start that fails', () => {
  it('says why in the log as well as in one line on standard error', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'switchboard-log-'));
    const log = new LogLines();
    const postgres = await startPostgres();
    const url = new URL(postgres.url);
    url.pathname = '/no_such_database';
    try {
      const env = { DATABASE_URL: url.href, NATS_URL: 'nats://127.0.0.1:1', SWITCHBOARD_DATA_DIR: dataDir };
      const { code, output } = await ServerProcess.failing(env, log.take);
      expect(code).toBe(1);
      expect(output).toMatch(/switchboard cannot start: .*no_such_database.* does not exist/);
      expect(log.lines).toContainEqual(
        expect.objectContaining({ level: 50, msg: expect.stringMatching(/no_such_database/) }),
      );
    } finally {
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});
