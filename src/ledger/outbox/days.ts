import { sql } from 'kysely';
import { ofHouse, SCOPE_SETTING, type Db, type Tx } from '../../platform/postgres/index.js';

/** Makes and drops daily partitions; any number that nothing else of ours uses. */
const ADVISORY_LOCK = 7_301_002;
const DAYS_AHEAD = 3;
const KEPT_HOURS = 48;
const EVERY_MS = 3_600_000;
/** After one that failed, as behind somebody who holds what it needs. */
const AGAIN_MS = 60_000;
/** Rows of a day that move out of the default partition; more would hold up writers for too long. */
const MOST_MOVED = 10_000;
const DAY_MS = 86_400_000;

export interface Housekeeping {
  readonly made: readonly string[];
  readonly dropped: readonly string[];
  /** Old enough to be dropped, but with unpublished rows: the relay is behind by two days. */
  readonly kept: readonly string[];
}

/**
 * The outbox in days: partitions are made ahead, and dropped when all of a day is older than 48 h. A day with
 * unpublished rows is never dropped. Rows that found no day (`outbox_default`) move into theirs when it is made; where they
 * are too many, or it never is, they are deleted singly.
 */
export class OutboxDays {
  #timer: NodeJS.Timeout | null = null;
  #isStopped = false;

  constructor(
    private readonly db: Db,
    private readonly report: (done: Housekeeping) => void,
    private readonly failed: (error: unknown) => void,
    private readonly againMs = AGAIN_MS,
  ) {}

  /** At once, then every hour, and soon after one that failed; which process does it does not matter. */
  start(): void {
    this.#isStopped = false;
    void this.#keepOn();
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  async #keepOn(): Promise<void> {
    let nextMs = EVERY_MS;
    try {
      this.report(await this.keep());
    } catch (error) {
      this.failed(error);
      nextMs = this.againMs;
    }
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => void this.#keepOn(), nextMs);
    this.#timer.unref();
  }

  /** One day that cannot be made keeps no other from being made; it is told, and nothing is dropped. */
  async keep(): Promise<Housekeeping> {
    const now = await this.now();
    const made: string[] = [];
    const failures: unknown[] = [];
    for (let day = 0; day <= DAYS_AHEAD; day++) {
      const name = await this.make(startOfDay(now.getTime() + day * DAY_MS)).catch((error: unknown) => {
        failures.push(error);
        return null;
      });
      if (name !== null) made.push(name);
    }
    if (failures.length > 0) throw failures[0];
    const old = (await this.days()).filter((day) => endOf(day) <= now.getTime() - KEPT_HOURS * 3_600_000);
    const dropped: string[] = [];
    for (const day of old) if (await this.drop(day)) dropped.push(day);
    await this.forgetDefault();
    return { made, dropped, kept: old.filter((day) => !dropped.includes(day)) };
  }

  private async now(): Promise<Date> {
    const { rows } = await sql<{ now: Date }>`SELECT clock_timestamp() AS now`.execute(this.db.as('relay').kysely);
    return rows[0]?.now ?? new Date();
  }

  private async days(): Promise<readonly string[]> {
    const { rows } = await sql<{ name: string }>`
      SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = 'outbox'::regclass AND c.relname ~ '^outbox_\\d{8}$' ORDER BY 1`.execute(
      this.db.as('relay').kysely,
    );
    return rows.map(({ name }) => name);
  }

  /** Attached, not created in place: writers go on meanwhile. Answers `null` when the day is there, or cannot be. */
  private make(start: Date): Promise<string | null> {
    const name = nameOf(start);
    return this.alone(async (tx) => {
      if (await exists(tx, name)) return null;
      const end = new Date(start.getTime() + DAY_MS);
      // Attaching wants this lock anyway; taken before the look, so that nobody writes a row of the day behind it.
      await sql`LOCK TABLE outbox_default IN ACCESS EXCLUSIVE MODE`.execute(tx);
      const strays = await countInDefault(tx, start, end);
      if (strays > MOST_MOVED) return null;
      await sql`CREATE TABLE ${sql.id(name)} (LIKE outbox INCLUDING DEFAULTS)
        WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000)`.execute(tx);
      await guard(tx, name);
      // A day that began before its partition was made has its rows in the default one.
      if (strays > 0) await moveFromDefault(tx, name, start, end);
      await sql`ALTER TABLE outbox ATTACH PARTITION ${sql.id(name)}
        FOR VALUES FROM (${sql.lit(start.toISOString())}) TO (${sql.lit(end.toISOString())})`.execute(tx);
      return name;
    });
  }

  private async drop(name: string): Promise<boolean> {
    const dropped = await this.alone(async (tx) => {
      if (!(await exists(tx, name))) return true;
      // Nobody may make a row unpublished again between the look and the drop.
      await sql`LOCK TABLE ${sql.id(name)} IN SHARE ROW EXCLUSIVE MODE`.execute(tx);
      const unpublished = await sql`SELECT FROM ${sql.id(name)} WHERE published_at IS NULL LIMIT 1`.execute(tx);
      if (unpublished.rows.length > 0) return false;
      await sql`DROP TABLE ${sql.id(name)}`.execute(tx);
      return true;
    });
    return dropped ?? false;
  }

  private async forgetDefault(): Promise<void> {
    await sql`DELETE FROM outbox_default WHERE published_at IS NOT NULL
      AND created_at < clock_timestamp() - ${KEPT_HOURS} * interval '1 hour'`.execute(this.db.as('relay').kysely);
  }

  private alone<T>(work: (tx: Tx) => Promise<T>): Promise<T | null> {
    return this.db.as('relay').transaction(async (tx) => {
      await sql`SET LOCAL lock_timeout = '500ms'`.execute(tx);
      // Tables are made and dropped by whom they belong to.
      await sql`SET LOCAL ROLE NONE`.execute(tx);
      const { rows } = await sql<{ ours: boolean }>`SELECT pg_try_advisory_xact_lock(${ADVISORY_LOCK}) AS ours`.execute(
        tx,
      );
      return rows[0]?.ours ? work(tx) : null;
    });
  }
}

/** A day is also asked by its own name, where the policies of the outbox do not reach. */
async function guard(tx: Tx, name: string): Promise<void> {
  const day = sql.id(name);
  await sql`ALTER TABLE ${day} ENABLE ROW LEVEL SECURITY`.execute(tx);
  await sql`ALTER TABLE ${day} FORCE ROW LEVEL SECURITY`.execute(tx);
  const relay = sql.lit(ofHouse('relay'));
  await sql`CREATE POLICY relay ON ${day} USING (current_setting(${sql.lit(SCOPE_SETTING)}, true) = ${relay})`.execute(
    tx,
  );
}

async function exists(tx: Tx, name: string): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`SELECT to_regclass(${name}) IS NOT NULL AS found`.execute(tx);
  return rows[0]?.found ?? false;
}

/** Counted no further than it matters. */
async function countInDefault(tx: Tx, start: Date, end: Date): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    SELECT count(*)::int AS n
    FROM (SELECT FROM outbox_default WHERE created_at >= ${start} AND created_at < ${end} LIMIT ${MOST_MOVED + 1}) strays`.execute(
    tx,
  );
  return rows[0]?.n ?? 0;
}

async function moveFromDefault(tx: Tx, name: string, start: Date, end: Date): Promise<void> {
  await sql`
    WITH moved AS (DELETE FROM outbox_default WHERE created_at >= ${start} AND created_at < ${end} RETURNING *)
    INSERT INTO ${sql.id(name)} SELECT * FROM moved`.execute(tx);
}

function startOfDay(at: number): Date {
  return new Date(Math.floor(at / DAY_MS) * DAY_MS);
}

function nameOf(day: Date): string {
  return `outbox_${day.toISOString().slice(0, 10).replaceAll('-', '')}`;
}

/** UTC, in milliseconds. */
function endOf(name: string): number {
  const [, year, month, day] = /^outbox_(\d{4})(\d\d)(\d\d)$/.exec(name) ?? [];
  return Date.UTC(Number(year), Number(month) - 1, Number(day)) + DAY_MS;
}
