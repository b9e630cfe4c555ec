import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { Failure } from '../../../src/kernel/index.js';
import { Forgetting } from '../../../src/ledger/idempotency/forgetting.js';
import { Once } from '../../../src/ledger/index.js';
import { Db } from '../../../src/platform/postgres/index.js';
import { testDatabase, type TestDatabase } from '../../support/servers.js';
import { keyOf, plainClient, TOY_SCHEMA, toyCommand, toyEngine, type ToyEngine } from '../../support/toy-ledger.js';
import { forApps } from '../../support/for-apps.js';

let database: TestDatabase;
let other: Client;
let db: Db;
let engines: ToyEngine[];

beforeAll(async () => {
  database = await testDatabase();
  other = await plainClient(database.url);
  await other.query(TOY_SCHEMA);
  db = new Db(database.url);
  engines = [toyEngine(database.url), toyEngine(database.url)];
  await Promise.all(engines.map((engine, i) => engine.submit(toyCommand(`warm-up${i}`))));
});

afterAll(async () => {
  await Promise.all(engines.map((engine) => engine.drain(1_000)));
  await db.close();
  await other.end();
  await database.drop();
});

async function count(id: string): Promise<number> {
  const { rows } = await other.query('SELECT count(*)::int AS n FROM toy_log WHERE id = $1', [id]);
  return rows[0].n;
}

describe('commands with an idempotency key', () => {
  it('have one effect and one answer, in whichever process they arrive', async () => {
    const send = (engine: ToyEngine | undefined) => engine?.submit(toyCommand('c', { idempotency: keyOf('same') }));
    const first = await send(engines[0]);
    await engines[0]?.submit(toyCommand('c'));
    expect(await send(engines[1])).toEqual(first);
    expect(await count('c')).toBe(2);
  });

  it('have one effect when many arrive at once; the others are told it is in flight, or get the answer', async () => {
    for (let round = 0; round < 10; round++) {
      const idempotency = keyOf(`race${round}`);
      const all = Array.from({ length: 8 }, (_, i) =>
        engines[i % 2]?.submit(toyCommand(`race${round}-${i}`, { idempotency })),
      );
      const results = await Promise.allSettled(all);
      const answers = new Set(results.flatMap((each) => (each.status === 'fulfilled' ? [each.value?.id] : [])));
      expect(answers.size).toBe(1);
      for (const each of results) {
        if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'idempotency_key_in_flight' });
      }
      const { rows } = await other.query(`SELECT id FROM toy_log WHERE id LIKE $1`, [`race${round}-%`]);
      expect(rows).toHaveLength(1);
    }
  });

  it('are refused with another body, without touching their neighbours', async () => {
    await engines[0]?.submit(toyCommand('r', { idempotency: keyOf('reused', 'one body') }));
    const [again, neighbour] = await Promise.allSettled([
      engines[0]?.submit(toyCommand('r', { idempotency: keyOf('reused', 'another body') })),
      engines[0]?.submit(toyCommand('neighbour')),
    ]);
    expect(again).toMatchObject({ reason: { code: 'idempotency_key_reused' } });
    expect(neighbour?.status).toBe('fulfilled');
    expect(await count('r')).toBe(1);
  });

  it('keep a refusal, but never a 5xx or a bug', async () => {
    const refusal = new Failure('conversation_not_found', 'No such conversation.', { fields: { a: 1 } });
    for (const [name, error, kept] of [
      ['refusal', refusal, true],
      ['outage', new Failure('unavailable', 'Gone.'), false],
      ['bug', new Error('a bug'), false],
    ] as const) {
      const idempotency = keyOf(name);
      await expect(engines[0]?.submit(toyCommand(name, { idempotency, error }))).rejects.toBe(error);
      const again = engines[1]?.submit(toyCommand(name, { idempotency }));
      if (kept) await expect(again).rejects.toMatchObject({ code: refusal.code, details: { fields: { a: 1 } } });
      else await expect(again).resolves.toMatchObject({ n: 1 });
    }
  });

  it('are forgotten after 24 hours, swept or not', async () => {
    const send = () => engines[0]?.submit(toyCommand('old', { idempotency: keyOf('old') }));
    await send();
    await other.query(`UPDATE idempotency SET created_at = created_at - interval '25 hours'`);
    expect(await send()).toMatchObject({ n: 2 });
    expect(await new Forgetting(db).sweep()).toBeGreaterThan(0);
    expect(await send()).toMatchObject({ n: 2 });
  });
});

describe('plain transactions with an idempotency key', () => {
  const once = (): Once => new Once(forApps(db, 'app'), rot13);
  const rot13 = {
    seal: (plain: Buffer, key: Buffer) => Buffer.concat([key, plain.map((byte) => byte ^ 13)]),
    open: (sealed: Buffer, key: Buffer) => Buffer.from(sealed.subarray(key.length).map((byte) => byte ^ 13)),
  };

  it('run once, give the same answer again, and keep secrets sealed', async () => {
    let runs = 0;
    const change = async () => ({ secret: 'hush-hush', run: ++runs });
    const key = keyOf('secret');
    const first = await once().run(key, { secret: true }, change);
    expect(await once().run(key, { secret: true }, change)).toEqual(first);
    expect(runs).toBe(1);
    const { rows } = await other.query('SELECT answer FROM idempotency WHERE key = $1', [key.key]);
    expect(rows[0].answer.includes('hush-hush')).toBe(false);
    await expect(once().run(keyOf('secret', 'x'), { secret: true }, change)).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
  });

  it('are in flight while the first one runs', async () => {
    const key = keyOf('slow');
    const refused = await once().run(key, { secret: false }, async () =>
      once()
        .run(key, { secret: false }, async () => 'second')
        .catch((error: Failure) => error.code),
    );
    expect(refused).toBe('idempotency_key_in_flight');
  });

  it('undo what a refusal changed, and keep the refusal', async () => {
    const key = keyOf('refused');
    const change = () =>
      once().run(key, { secret: false }, async (tx) => {
        await tx
          .insertInto('process')
          .values({ id: 'half-done', seen_at: new Date(0) })
          .execute();
        throw new Failure('conflict', 'No.');
      });
    await expect(change()).rejects.toMatchObject({ code: 'conflict' });
    await expect(once().run(key, { secret: false }, async () => 'late')).rejects.toMatchObject({ code: 'conflict' });
    const { rows } = await other.query(`SELECT 1 FROM process WHERE id = 'half-done'`);
    expect(rows).toEqual([]);
  });
});
