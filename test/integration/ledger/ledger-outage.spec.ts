import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { fateOf } from '../../../src/ledger/engine/fate.js';
import { Link } from '../../../src/ledger/engine/link.js';
import { openWriter } from '../../../src/platform/postgres/index.js';
import { asksToCommit, startProxy, type Proxy } from '../../support/proxy.js';
import { startPostgres, testDatabase, type OwnServer, type TestDatabase } from '../../support/servers.js';
import { plainClient, TOY_SCHEMA, toyCommand, toyEngine, type ToyEngine } from '../../support/toy-ledger.js';
import { until } from '../../support/until.js';

describe('a link that dies', () => {
  let database: TestDatabase;
  let proxy: Proxy;
  let other: Client;
  let engine: ToyEngine;

  beforeAll(async () => {
    database = await testDatabase();
    proxy = await startProxy(database.url);
    other = await plainClient(database.url);
    await other.query(TOY_SCHEMA);
    engine = toyEngine(proxy.url, { writers: 1, outageMs: 400, fateMs: 1_000 });
    await engine.submit(toyCommand('warm-up'));
  });

  afterEach(async () => {
    proxy.heal();
    await other.query('ROLLBACK');
    await until(() => engine.submit(toyCommand('warm-up')), { what: 'the engine to recover' });
    engine.observed.retries.length = 0;
    await other.query('TRUNCATE toy, toy_log');
  });

  afterAll(async () => {
    await engine.drain(1_000);
    await proxy.stop();
    await other.end();
    await database.drop();
  });

  const submitTen = (): Promise<{ id: string; n: number }[]> =>
    Promise.all(Array.from({ length: 10 }, (_, i) => engine.submit(toyCommand(`c${i}`))));

  async function loggedOnce(): Promise<void> {
    const { rows } = await other.query(`SELECT id, n FROM toy_log WHERE id <> 'warm-up' ORDER BY id`);
    expect(rows.map(({ id, n }) => [id, Number(n)])).toEqual(Array.from({ length: 10 }, (_, i) => [`c${i}`, 1]));
  }

  it('behind a COMMIT that happened: answers as decided, once', async () => {
    const cut = proxy.cutAfterRequest(asksToCommit);
    const answers = await submitTen();
    await cut;
    expect(answers.every(({ n }) => n === 1)).toBe(true);
    expect(engine.observed.retries).toEqual(['ambiguous']);
    await loggedOnce();
  });

  it('with a COMMIT that never arrived: runs it again, once', async () => {
    void proxy.cutAfterRequest((bytes) => {
      if (!asksToCommit(bytes)) return false;
      proxy.cut();
      return true;
    });
    const answers = await submitTen();
    expect(answers.every(({ n }) => n === 1)).toBe(true);
    expect(engine.observed.retries[0]).toBe('ambiguous');
    await loggedOnce();
  });

  it('with a COMMIT nobody can ask about: says that the outcome is unknown', async () => {
    void proxy.cutAfterRequest((bytes) => {
      if (!asksToCommit(bytes)) return false;
      proxy.refuse();
      return true;
    });
    const answer = engine.submit(toyCommand('c0'));
    await expect(answer).rejects.toMatchObject({ code: 'outcome_unknown', details: { retryAfterSeconds: 1 } });
  });

  it('before COMMIT: runs it again without asking', async () => {
    void proxy.cutAfterRequest((bytes) => {
      if (!bytes.includes('BEGIN')) return false;
      proxy.cut();
      return true;
    });
    await submitTen();
    expect(engine.observed.retries).toEqual(['requeue']);
    await loggedOnce();
  });

  it('for good: refuses within its bound, saying when to come back, and recovers by itself', async () => {
    proxy.refuse();
    const begun = performance.now();
    await expect(engine.submit(toyCommand('c0'))).rejects.toMatchObject({
      code: 'unavailable',
      details: { retryAfterSeconds: expect.any(Number) },
    });
    expect(performance.now() - begun).toBeLessThan(1_500);
    await expect(engine.submit(toyCommand('c0'))).rejects.toMatchObject({ code: 'unavailable' });
    proxy.heal();
    await until(() => engine.submit(toyCommand('c0')), { what: 'the engine to recover' });
  });
});

describe('PostgreSQL that crashes', () => {
  let server: OwnServer;

  beforeAll(async () => {
    server = await startPostgres();
    const client = await plainClient(server.url);
    await client.query(TOY_SCHEMA);
    await client.end();
  }, 60_000);

  afterAll(() => server.stop());

  async function crash(): Promise<void> {
    server.kill();
    await server.restart();
  }

  it('may hand out an id again, so its word about one from before the crash is not believed', async () => {
    const open = () => openWriter(server.url);
    const link = await Link.open(open);
    const filler = await plainClient(server.url);
    await filler.query(`INSERT INTO toy VALUES ('x', 0, NULL)`);
    await link.trip([{ name: '', text: 'BEGIN', values: [] }]);
    const [row] = await link.query({ name: '', text: 'SELECT pg_current_xact_id()::text AS xid', values: [] });
    await link.query({ name: '', text: `INSERT INTO toy VALUES ('lost', 0, NULL)`, values: [] });
    const traced = { xid: row?.['xid'] as string, incarnation: link.incarnation };
    await crash();

    const client = await plainClient(server.url);
    const burn = async () => (await client.query('SELECT pg_current_xact_id()::text AS xid')).rows[0].xid as string;
    await until(async () => BigInt(await burn()) >= BigInt(traced.xid), { what: 'the id to be handed out again' });
    const { rows } = await client.query(
      `SELECT pg_xact_status($1::xid8) AS status, (SELECT count(*)::int FROM toy WHERE id = 'lost') AS kept`,
      [traced.xid],
    );
    expect(rows).toEqual([{ status: 'committed', kept: 0 }]);
    expect(await fateOf(traced, open, 500)).toBe('unknown');
    await client.end();
  }, 60_000);

  it('under load, twice: nothing acknowledged is lost, nothing is doubled', async () => {
    const engine = toyEngine(server.url);
    await until(() => engine.submit(toyCommand('warm-up')), { what: 'the first answer' });
    const acknowledged: string[] = [];
    const unknown = new Set<string>();
    let refused = 0;
    const work = { goesOn: true };
    const client = async (number: number): Promise<void> => {
      for (let i = 0; work.goesOn; i++) {
        const command = toyCommand(`c${(number * 7 + i) % 40}`);
        try {
          await engine.submit(command);
          acknowledged.push(command.token);
        } catch (error) {
          refused += 1;
          if ((error as { code?: string }).code === 'outcome_unknown') unknown.add(command.token);
          await sleep(20);
        }
      }
    };
    const clients = Array.from({ length: 32 }, (_, number) => client(number));
    for (let crashes = 0; crashes < 2; crashes++) {
      const before = acknowledged.length;
      await until(() => acknowledged.length > before + 500, { what: 'work being done' });
      await crash();
    }
    const before = acknowledged.length;
    await until(() => acknowledged.length > before + 200, { what: 'work after the crash' });
    work.goesOn = false;
    await Promise.all(clients);
    await engine.drain(5_000);

    const check = await plainClient(server.url);
    const { rows } = await check.query('SELECT id, n, token FROM toy_log ORDER BY id, n');
    const tokens = new Set(rows.map(({ token }) => token as string));
    expect(acknowledged.filter((token) => !tokens.has(token))).toEqual([]);
    const allowed = new Set([...acknowledged, ...unknown]);
    const extra = rows.filter(({ id, token }) => id !== 'warm-up' && !allowed.has(token as string));
    expect(extra).toEqual([]);
    const steps = new Map<string, number>();
    for (const { id, n } of rows) {
      expect(Number(n)).toBe((steps.get(id) ?? 0) + 1);
      steps.set(id, Number(n));
    }
    expect(refused).toBeLessThan(acknowledged.length);
    await check.end();
  }, 90_000);
});
