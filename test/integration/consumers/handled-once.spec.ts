import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { ConsumedEvents } from '../../../src/consumers/consumed-events.store.js';
import { newId } from '../../../src/platform/ids.js';
import { Db, type Tx } from '../../../src/platform/postgres/index.js';
import { testDatabase, type TestDatabase } from '../../support/servers.js';
import { unbound } from '../../support/unbound.js';

let database: TestDatabase;
let db: Db;
let consumed: ConsumedEvents;

beforeAll(async () => {
  database = await testDatabase();
  db = new Db(database.url);
  consumed = new ConsumedEvents(db);
  await sql`CREATE TABLE effect (consumer text NOT NULL, event_id text NOT NULL)`.execute(unbound(db));
});
beforeEach(() => sql`TRUNCATE effect, consumed_event`.execute(unbound(db)).then(() => undefined));
afterAll(async () => {
  await db?.close();
  await database?.drop();
});

/** What a consumer writes in the transaction of the event's id. */
const effectOf =
  (consumer: string) =>
  async (ids: Iterable<string>, tx: Tx): Promise<void> => {
    for (const id of ids) await sql`INSERT INTO effect VALUES (${consumer}, ${id})`.execute(tx);
  };

async function effects(consumer = 'one'): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT event_id AS id FROM effect WHERE consumer = ${consumer} ORDER BY event_id`.execute(unbound(db));
  return rows.map(({ id }) => id);
}

const run = (id: string, consumer = 'one'): Promise<boolean> =>
  consumed.of(consumer).run(id, (tx) => effectOf(consumer)([id], tx));
const runAll = (ids: readonly string[], consumer = 'one'): Promise<number> =>
  consumed.of(consumer).runAll!(ids, effectOf(consumer));

const fails = (): Promise<never> => Promise.reject(new Error('made to fail'));

describe('the table of events that were handled', () => {
  it('one event by itself has its effect once, however often and by however many it is brought', async () => {
    const id = newId<string>();
    const fresh = await Promise.all([run(id), run(id), run(id), run(id)]);
    expect(fresh.filter(Boolean)).toHaveLength(1);
    expect(await run(id)).toBe(false);
    expect(await effects()).toEqual([id]);
  });

  it('many events together have their effect once each: those that are known are left out', async () => {
    const [a, b, c, d] = [newId<string>(), newId<string>(), newId<string>(), newId<string>()].toSorted();
    expect(await runAll([a!, b!])).toBe(2);
    expect(await runAll([b!, c!, c!, a!])).toBe(1);
    expect(await runAll([a!, b!, c!])).toBe(0);
    const fresh = await Promise.all([runAll([c!, d!]), runAll([d!, a!]), runAll([d!])]);
    expect(fresh.toSorted()).toEqual([0, 0, 1]);
    expect(await effects()).toEqual([a, b, c, d]);
  });

  it('an event that was handled alone is known among many, and the other way round', async () => {
    const [a, b] = [newId<string>(), newId<string>()].toSorted();
    expect(await run(a!)).toBe(true);
    expect(await runAll([a!, b!])).toBe(1);
    expect(await run(b!)).toBe(false);
    expect(await effects()).toEqual([a, b]);
  });

  it('an effect that failed is not handled: the event comes again and has its effect then', async () => {
    const [a, b] = [newId<string>(), newId<string>()].toSorted();
    await expect(consumed.of('one').run(a!, fails)).rejects.toThrow('made to fail');
    await expect(consumed.of('one').runAll!([a!, b!], fails)).rejects.toThrow('made to fail');
    expect(await effects()).toEqual([]);
    expect(await run(a!)).toBe(true);
    expect(await runAll([a!, b!])).toBe(1);
    expect(await effects()).toEqual([a, b]);
  });

  it('each consumer has its own', async () => {
    const id = newId<string>();
    expect([await run(id, 'one'), await run(id, 'two')]).toEqual([true, true]);
    expect(await runAll([id], 'three')).toBe(1);
    expect([await effects('one'), await effects('two'), await effects('three')]).toEqual([[id], [id], [id]]);
  });
});
