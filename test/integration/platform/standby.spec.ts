import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { fateOf } from '../../../src/ledger/engine/fate.js';
import { Link } from '../../../src/ledger/engine/link.js';
import { LeaseConnection } from '../../../src/ledger/partitions/partitions.store.js';
import { TimerClaims } from '../../../src/conversation/timers/claims.store.js';
import { Db, migrate, openWriter, StandbyError } from '../../../src/platform/postgres/index.js';
import { migrationsDir } from '../../../src/platform/root.js';
import { asksToCommit, startProxy, type Proxy } from '../../support/proxy.js';
import { startPair, type Pair } from '../../support/standby.js';
import { plainClient, TOY_SCHEMA, toyCommand, toyEngine, type ToyEngine } from '../../support/toy-ledger.js';
import { until } from '../../support/until.js';

const DEAF = { woken: () => undefined, shared: () => undefined };

describe('an address that moves to a standby which still replays', () => {
  let pair: Pair;
  let proxy: Proxy;
  let engine: ToyEngine;
  let db: Db;

  beforeEach(async () => {
    pair = await startPair();
    proxy = await startProxy(pair.primary.url);
    const client = await plainClient(pair.primary.url);
    await client.query(TOY_SCHEMA);
    await client.end();
    engine = toyEngine(proxy.url, { writers: 1, outageMs: 400, fateMs: 1_000 });
    db = new Db(proxy.url);
    await engine.submit(toyCommand('warm-up'));
    await until(() => pair.standby.hasEverything(), { what: 'the standby to have everything' });
  }, 60_000);

  afterEach(async () => {
    await engine.drain(1_000);
    await db.close();
    await proxy.stop();
    await pair.stop();
  });

  it('a change whose COMMIT had no answer: the outcome is unknown, and it is stored after the promotion', async () => {
    await pair.standby.pause();
    const cut = proxy.cutAfterRequest((bytes) => {
      if (!asksToCommit(bytes)) return false;
      // Whoever asks what became of it meets the other server.
      proxy.moveTo(pair.standby.url);
      return true;
    });
    const answer = engine.submit(toyCommand('moved')).catch((error: unknown) => error);
    await cut;
    await until(() => pair.standby.hasEverything(), { what: 'the COMMIT to arrive' });
    pair.primary.kill();
    await expect(answer).resolves.toMatchObject({ code: 'outcome_unknown' });

    await pair.standby.promote();
    const { n } = (await until(() => engine.submit(toyCommand('moved')).catch(() => null), {
      what: 'the promoted server to be written to',
    })) as { n: number };
    expect(n).toBe(2);
  });

  it('nothing is written to it and nothing read from it is believed, until it is promoted', async () => {
    await pair.standby.pause();
    const client = await plainClient(pair.primary.url);
    await client.query(`INSERT INTO app (id, display_name, created_at) VALUES ($1, 'made just now', now())`, [
      'a'.repeat(24),
    ]);
    await client.end();
    await until(() => pair.standby.hasEverything(), { what: 'the app to arrive' });
    proxy.moveTo(pair.standby.url);
    proxy.cut();
    pair.primary.kill();

    const names = () => db.as('account').kysely.selectFrom('app').select('display_name').execute();
    await expect(names()).rejects.toMatchObject({ code: 'unavailable', details: { retryAfterSeconds: 2 } });
    expect(await db.answers()).toBe('standby');
    await until(
      () =>
        engine.submit(toyCommand('refused')).then(
          () => false,
          (error: { code: string }) => error.code === 'unavailable',
        ),
      { what: 'the engine to notice' },
    );

    await pair.standby.promote();
    await until(async () => (await db.answers()) === 'reachable', { what: 'the promotion' });
    expect(await names()).toEqual([{ display_name: 'made just now' }]);
    await until(() => engine.submit(toyCommand('after')).catch(() => null), { what: 'the engine to write' });
  });
});

describe('a standby', () => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await startPair();
  }, 60_000);
  afterAll(() => pair.stop());

  it.each<readonly [string, (url: string) => Promise<unknown>]>([
    ['the ledger', (url) => Link.open(() => openWriter(url))],
    ['leases', (url) => LeaseConnection.open(url, 'a'.repeat(24), 2_000, DEAF)],
    ['timers', (url) => new TimerClaims(url).take('-infinity', [], 1)],
    ['the migrator', (url) => migrate(url, migrationsDir)],
  ])('is used by nobody: not by %s', async (_, use) => {
    await expect(use(pair.standby.url)).rejects.toThrow(StandbyError);
  });

  it('is not asked what became of a transaction', async () => {
    const traced = { xid: '999999', incarnation: 'of the primary' };
    expect(await fateOf(traced, () => openWriter(pair.standby.url), 100)).toBe('unknown');
  });

  it('is another incarnation once it is promoted, though it was copied from the primary', async () => {
    const incarnationOf = async (url: string): Promise<string> => {
      const link = await Link.open(() => openWriter(url));
      link.close();
      return link.incarnation;
    };
    const primary = await incarnationOf(pair.primary.url);
    await pair.standby.promote();
    const client = new Client(pair.standby.url);
    await client.connect();
    await until(async () => !(await client.query('SELECT pg_is_in_recovery() AS is')).rows[0].is, {
      what: 'the promotion',
    });
    await client.end();
    expect(await incarnationOf(pair.standby.url)).not.toBe(primary);
  });
});
