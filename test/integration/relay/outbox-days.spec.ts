import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { OutboxDays } from '../../../src/ledger/outbox/days.js';
import { Db } from '../../../src/platform/postgres/index.js';
import { open } from '../../support/outbox-load.js';
import { testDatabase, type TestDatabase } from '../../support/servers.js';
import { until } from '../../support/until.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('the days of the outbox', () => {
  let database: TestDatabase;
  let client: Client;
  let db: Db;
  let days: OutboxDays;

  beforeEach(async () => {
    database = await testDatabase();
    client = await open(database.url);
    db = new Db(database.url, 2);
    days = new OutboxDays(
      db,
      () => undefined,
      () => undefined,
    );
  });

  afterEach(async () => {
    await client.end();
    await db.close();
    await database.drop();
  });

  const midnight = (daysFromNow: number): Date => new Date((Math.floor(Date.now() / DAY_MS) + daysFromNow) * DAY_MS);
  const nameOf = (day: Date): string => `outbox_${day.toISOString().slice(0, 10).replaceAll('-', '')}`;
  const named = (...offsets: number[]): string[] => offsets.map((offset) => nameOf(midnight(offset)));

  async function insert(seq: number, createdAt: Date, isPublished: boolean): Promise<void> {
    await client.query(
      `INSERT INTO outbox (partition, conversation_id, seq, event_id, subject, body, created_at, published_at)
       VALUES (1, 'aaaaaaaaaaaaaaaaaaaaaa01', $1, $2, 's', '{}', $3, $4)`,
      [seq, String(seq).padStart(24, '0'), createdAt, isPublished ? createdAt : null],
    );
  }

  /** A day that is over, as `keep` made it when it was to come. */
  async function pastDay(offset: number): Promise<void> {
    const [from, to] = [midnight(offset), midnight(offset + 1)];
    await client.query(`CREATE TABLE ${nameOf(from)} PARTITION OF outbox
                        FOR VALUES FROM ('${from.toISOString()}') TO ('${to.toISOString()}')`);
  }

  async function whereIs(seq: number): Promise<string | null> {
    const { rows } = await client.query('SELECT tableoid::regclass::text AS place FROM outbox WHERE seq = $1', [seq]);
    return rows[0]?.place ?? null;
  }

  it('are made ahead, each once, and take the rows of their day', async () => {
    expect(await days.keep()).toEqual({ made: named(0, 1, 2, 3), dropped: [], kept: [] });
    expect(await days.keep()).toEqual({ made: [], dropped: [], kept: [] });
    for (const offset of [0, 1, 2, 3]) {
      await insert(offset, new Date(midnight(offset).getTime() + HOUR_MS), false);
      expect(await whereIs(offset)).toBe(named(offset)[0]);
    }
    const { rows } = await client.query(
      `SELECT indexrelid::regclass::text AS name FROM pg_index WHERE indrelid = $1::regclass`,
      named(1),
    );
    expect(rows.length).toBe(2);
  });

  it('are made by one of many that try at once', async () => {
    const all = await Promise.all([1, 2, 3, 4].map(() => days.keep()));
    await days.keep();
    const made = all.flatMap((one) => one.made);
    expect(new Set(made).size).toBe(made.length);
    await insert(1, new Date(midnight(2).getTime() + HOUR_MS), false);
    expect(await whereIs(1)).toBe(named(2)[0]);
  });

  it('take the rows of theirs that lie in the default partition when they are made, and leave the others', async () => {
    await insert(1, new Date(midnight(0).getTime() + 1), false);
    await insert(2, new Date(midnight(1).getTime() - 1), true);
    await insert(3, new Date(midnight(2).getTime() + 1), false);
    await insert(4, new Date(midnight(0).getTime() - 1), false);
    // As somebody who writes there and nowhere else.
    await client.query(`INSERT INTO outbox_default SELECT partition, conversation_id, 5, event_id, subject, body, created_at
                        FROM outbox WHERE seq = 1`);
    expect((await days.keep()).made).toEqual(named(0, 1, 2, 3));
    expect(await Promise.all([1, 2, 3, 4, 5].map(whereIs))).toEqual([...named(0, 0, 2), 'outbox_default', ...named(0)]);
    const { rows } = await client.query('SELECT seq FROM outbox WHERE published_at IS NOT NULL');
    expect(rows).toEqual([{ seq: 2 }]);
  });

  it('take a row too that is being written while they are made', async () => {
    const today = new Date(midnight(0).getTime() + 1);
    await client.query('BEGIN');
    await insert(1, today, false);
    const kept = days.keep();
    const looker = await open(database.url);
    const waits = "SELECT FROM pg_locks WHERE NOT granted AND relation = 'outbox_default'::regclass";
    await until(async () => (await looker.query(waits)).rows.length > 0, { what: 'the day to wait for the writer' });
    await client.query('COMMIT');
    await looker.end();
    expect((await kept).made).toEqual(named(0, 1, 2, 3));
    expect(await whereIs(1)).toBe(named(0)[0]);
  });

  it('come soon when somebody has held them up, not in an hour', async () => {
    const told: string[] = [];
    const soon = new OutboxDays(
      db,
      ({ made }) => told.push(...made),
      () => told.push('failed'),
      100,
    );
    await client.query('BEGIN');
    await insert(1, new Date(midnight(0).getTime() + 1), false);
    soon.start();
    await until(() => told.includes('failed'), { what: 'a day that cannot be made' });
    await client.query('COMMIT');
    await until(async () => (await whereIs(1)) === named(0)[0], { what: 'the day to be made after all' });
    soon.stop();
    await until(() => told.includes(named(3)[0]!), { what: 'the days to be told' });
  });

  it('stay in the default partition where they have more rows there than writers should wait for', async () => {
    await client.query(
      `INSERT INTO outbox (partition, conversation_id, seq, event_id, subject, body, created_at)
       SELECT 1, 'aaaaaaaaaaaaaaaaaaaaaa01', n, lpad(n::text, 24, '0'), 's', '{}', $1 FROM generate_series(1, 10001) n`,
      [new Date(midnight(0).getTime() + 1)],
    );
    expect((await days.keep()).made).toEqual(named(1, 2, 3));
    expect(await whereIs(1)).toBe('outbox_default');
  });

  it('go when the youngest row they could hold is older than 48 h, and not before', async () => {
    for (const offset of [-5, -3, -2]) {
      await pastDay(offset);
      await insert(-offset, new Date(midnight(offset + 1).getTime() - 1), true);
    }
    // The day before yesterday ended less than 48 h ago at any time of day; the one before it ended earlier.
    expect(await days.keep()).toMatchObject({ dropped: named(-5, -3), kept: [] });
    expect([await whereIs(5), await whereIs(3), await whereIs(2)]).toEqual([null, null, named(-2)[0]]);
  });

  it('stay, and are told, while they hold a row that is not published', async () => {
    for (const offset of [-6, -5]) await pastDay(offset);
    await insert(6, midnight(-6), true);
    await insert(7, midnight(-6), false);
    await insert(5, midnight(-5), true);
    expect(await days.keep()).toMatchObject({ dropped: named(-5), kept: named(-6) });
    expect([await whereIs(6), await whereIs(7)]).toEqual([named(-6)[0], named(-6)[0]]);
    await client.query('UPDATE outbox SET published_at = now() WHERE seq = 7');
    expect(await days.keep()).toMatchObject({ dropped: named(-6), kept: [] });
  });

  it('that were never made: their published rows go singly after 48 h, the others never', async () => {
    const old = new Date(Date.now() - 49 * HOUR_MS);
    await insert(1, old, true);
    await insert(2, old, false);
    await insert(3, new Date(Date.now() - 47 * HOUR_MS), true);
    await days.keep();
    expect([await whereIs(1), await whereIs(2), await whereIs(3)]).toEqual([null, 'outbox_default', 'outbox_default']);
  });

  it('do not wait for a transaction that uses them: the hour after drops them', async () => {
    await pastDay(-5);
    await client.query('BEGIN');
    await insert(5, midnight(-5), true);
    await expect(days.keep()).rejects.toThrow(/Somebody else holds/);
    await client.query('COMMIT');
    expect(await days.keep()).toMatchObject({ dropped: named(-5) });
  });
});
