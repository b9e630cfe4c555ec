import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import type { AppId } from '../../../src/kernel/index.js';
import { insertRows, type RowWriter } from '../../../src/ledger/index.js';
import { testDatabase, type TestDatabase } from '../../support/servers.js';
import {
  plainClient,
  TOY_SCHEMA,
  toyCommand,
  toyCounters,
  toyEngine,
  toyLog,
  type ToyEngine,
  type ToyEntry,
  type ToyOptions,
} from '../../support/toy-ledger.js';
import { until } from '../../support/until.js';

let database: TestDatabase;
let other: Client;
const engines: ToyEngine[] = [];

beforeAll(async () => {
  database = await testDatabase();
  other = await plainClient(database.url);
  await other.query(TOY_SCHEMA);
});

afterEach(async () => {
  await other.query('ROLLBACK');
  await Promise.all(engines.splice(0).map((engine) => engine.drain(1_000)));
  await other.query('TRUNCATE toy, toy_log, toy_owner');
});

afterAll(async () => {
  await other.end();
  await database.drop();
});

function started(options: ToyOptions = {}): ToyEngine {
  const engine = toyEngine(database.url, options);
  engines.push(engine);
  return engine;
}

async function ready(engine: ToyEngine): Promise<ToyEngine> {
  await engine.submit(toyCommand('warm-up'));
  return engine;
}

async function logged(id: string): Promise<number> {
  const { rows } = await other.query('SELECT count(*)::int AS n FROM toy_log WHERE id = $1', [id]);
  return rows[0].n;
}

/** Holds a row until the test ends its transaction. */
async function hold(id: string): Promise<void> {
  await other.query(`INSERT INTO toy VALUES ($1, 0) ON CONFLICT DO NOTHING`, [id]);
  await other.query('BEGIN');
  await other.query('SELECT 1 FROM toy WHERE id = $1 FOR UPDATE', [id]);
}

/** The time now, in ms, if somebody has been waiting for us long enough to tell two times apart. */
const BLOCKED_BY_US = `
  SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now FROM pg_locks
  WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))
    AND waitstart < clock_timestamp() - interval '30 ms'`;

const ids = (count: number, prefix = 'c'): string[] => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

describe('groups', () => {
  it('commits what waits together, answers after the commit, counts without gaps', async () => {
    const engine = await ready(started());
    const answers = await Promise.all(ids(40).map((id) => engine.submit(toyCommand(id))));
    expect(answers.map(({ n }) => n)).toEqual(Array.from({ length: 40 }, () => 1));
    expect(engine.observed.groups).toEqual([1, 40]);
  });

  it('runs the commands of one conversation in the order they came', async () => {
    const engine = started();
    const answers = await Promise.all(Array.from({ length: 30 }, () => engine.submit(toyCommand('c'))));
    expect(answers.map(({ n }) => n)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  });

  it('takes at most 64 commands and 256 kB', async () => {
    const engine = await ready(started({ writers: 1 }));
    await Promise.all(ids(100).map((id) => engine.submit(toyCommand(id))));
    expect(engine.observed.groups).toEqual([1, 64, 36]);
    await Promise.all(ids(4).map((id) => engine.submit(toyCommand(id, { bytes: 100 * 1024 }))));
    expect(engine.observed.groups.slice(3)).toEqual([2, 2]);
  });

  it('reads the clock after the locks', async () => {
    const engine = await ready(started());
    await hold('c');
    const since = performance.now();
    const answered = engine.submit(toyCommand('c'));
    const longWait = async () => performance.now() - since > 300 && (await other.query(BLOCKED_BY_US)).rows[0];
    const { now } = await until(longWait, { what: 'the group to wait for the row' });
    await other.query('COMMIT');
    await answered;
    const { rows } = await other.query(`SELECT at FROM toy_log WHERE id = 'c'`);
    expect(rows[0].at).toBeGreaterThanOrEqual(Math.floor(now));
  });

  it('gives a quiet app its turn while a busy one has a thousand conversations waiting', async () => {
    const engine = await ready(started({ writers: 1, maxGroup: 8 }));
    let done = 0;
    const busy = ids(1_000, 'busy').map((id) => engine.submit(toyCommand(id)).then(() => done++));
    await engine.submit(toyCommand('quiet', { appId: 'quiet' as AppId }));
    expect(done).toBeLessThanOrEqual(16);
    await Promise.all(busy);
  });

  it('refuses the 33rd waiting command of a caller in a conversation, and nobody else there', async () => {
    const engine = await ready(started());
    const flood = Promise.allSettled(Array.from({ length: 33 }, () => engine.submit(toyCommand('c'))));
    const desk = engine.submit(toyCommand('c', { caller: 'desk' }));
    const pass = engine.submit(toyCommand('c', { urgency: 'control' }));
    const timer = engine.submit(toyCommand('c', { caller: 'system', urgency: 'system' }));
    // Each has a turn before the flood has its second: what was under way, then the urgent, then the rest.
    expect((await timer).n).toBeLessThanOrEqual(2);
    expect((await desk).n).toBeLessThanOrEqual(4);
    await pass;
    expect((await flood).at(-1)).toMatchObject({
      reason: { code: 'too_many_requests', details: { retryAfterSeconds: expect.any(Number) } },
    });
    expect(await logged('c')).toBe(35);
  });

  it('refuses an app that has more than its share of the queue, and takes what others send', async () => {
    const engine = await ready(started({ maxQueued: 40 }));
    const many = Promise.allSettled(ids(41, 'd').map((id) => engine.submit(toyCommand(id))));
    await engine.submit(toyCommand('e', { appId: 'other' as AppId }));
    const refused = (await many).filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(41 - 24);
    expect(refused[0]).toMatchObject({
      reason: { code: 'unavailable', details: { retryAfterSeconds: expect.any(Number) } },
    });
  });
});

describe('a member that fails', () => {
  it('fails alone when deciding it throws', async () => {
    const engine = await ready(started());
    const error = new Error('a bug');
    const results = await Promise.allSettled(
      ids(10).map((id, i) => engine.submit(toyCommand(id, i === 3 ? { error } : {}))),
    );
    expect(results.map(({ status }) => status === 'rejected')).toEqual(ids(10).map((_, i) => i === 3));
    expect(engine.observed.groups).toEqual([1, 10]);
  });

  it('fails alone when PostgreSQL refuses its rows, found by halving', async () => {
    const engine = await ready(started({ writers: 1 }));
    const results = await Promise.allSettled(
      ids(64).map((id, i) => engine.submit(toyCommand(id, i === 37 ? { text: 'a\0b' } : {}))),
    );
    expect(results.flatMap(({ status }, i) => (status === 'rejected' ? [i] : []))).toEqual([37]);
    expect(results[37]).toMatchObject({ reason: { code: '22021' } });
    expect(engine.observed.groups.length - 1).toBe(1 + 2 * Math.log2(64));
    const { rows } = await other.query(`SELECT count(*)::int AS n FROM toy_log WHERE id <> 'warm-up'`);
    expect(rows[0].n).toBe(63);
  });

  it('commits nothing of a group whose statement could not even be sent', async () => {
    const unsendable = insertRows('toy_log', { id: 'text', n: 'bigint', token: 'text', text: 'text', at: 'float8' });
    const broken: RowWriter<ToyEntry> = {
      name: 'broken',
      write: (entries) => {
        if (entries.every(({ command }) => command.text !== 'unsendable')) return toyLog.write(entries);
        const text = {
          toPostgres: () => {
            throw new Error('cannot be encoded');
          },
        };
        const { values, ...statement } = unsendable([{ id: 'c', n: 1, token: 't', text: '', at: 0 }]);
        return { statement: { ...statement, values: [...values.slice(0, 3), [text], values[4]] } };
      },
    };
    const engine = await ready(started({ writers: 1, rowWriters: [toyCounters, broken] }));
    const results = await Promise.allSettled([
      engine.submit(toyCommand('c0')),
      engine.submit(toyCommand('c1', { text: 'unsendable' })),
      engine.submit(toyCommand('c2')),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const { rows } = await other.query(`SELECT id FROM toy WHERE id <> 'warm-up' ORDER BY id`);
    expect(rows).toEqual([{ id: 'c0' }, { id: 'c2' }]);
  });
});

describe('a row that somebody holds', () => {
  it('does not freeze its neighbours, and its own command goes on when it is let go', async () => {
    const engine = await ready(started({ writers: 1 }));
    await hold('c7');
    const started_ = performance.now();
    const stalled = engine.submit(toyCommand('c7'));
    const neighbours = ids(7).map((id) => engine.submit(toyCommand(id)));
    await Promise.all(neighbours);
    expect(performance.now() - started_).toBeLessThan(500);
    await Promise.all(ids(50, 'later').map((id) => engine.submit(toyCommand(id))));
    await other.query('COMMIT');
    expect(await stalled).toEqual({ id: 'c7', n: 1 });
  });

  it('is given up after a bound', async () => {
    const engine = await ready(started({ stalledMs: 300 }));
    await hold('c');
    await expect(engine.submit(toyCommand('c'))).rejects.toMatchObject({ code: 'unavailable' });
    await other.query('COMMIT');
    expect(await logged('c')).toBe(0);
  });
});

describe('two engines', () => {
  it('two first contacts make one counter, and the loser is run on it', async () => {
    const two = await Promise.all([ready(started()), ready(started())]);
    for (let round = 0; round < 20; round++) {
      const owner = `owner${round}`;
      // Every second owner has no row to lock: there only the unique index tells who was first.
      if (round % 2 === 0) await other.query('INSERT INTO toy_owner VALUES ($1)', [owner]);
      const answers = await Promise.all(
        two.flatMap((engine, e) => [1, 2].map((i) => engine.submit(toyCommand(`${owner}-${e}${i}`, { owner })))),
      );
      expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
      expect(answers.map(({ n }) => n).sort()).toEqual([1, 2, 3, 4]);
    }
  });

  it('never deadlock over the same conversations', async () => {
    const two = await Promise.all([ready(started()), ready(started())]);
    const names = ids(24, 'shared').sort();
    await Promise.all(names.map((id) => two[0].submit(toyCommand(id))));
    for (const engine of two) engine.observed.retries.length = 0;
    const all = Array.from({ length: 10 }, () =>
      two.flatMap((engine, e) => (e === 0 ? names : names.toReversed()).map((id) => engine.submit(toyCommand(id)))),
    );
    await Promise.all(all.flat());
    // A deadlock would show as rows held past lock_timeout, which is shorter than PostgreSQL's deadlock_timeout.
    expect(two.flatMap(({ observed }) => observed.retries)).toEqual([]);
    for (const id of names) expect(await logged(id)).toBe(21);
  });
});
