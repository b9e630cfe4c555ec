import { sql } from 'kysely';
import type { WebhookId } from '../../kernel/index.js';
import type { Db } from '../../platform/postgres/index.js';

/** Everything that is sent one after another: what one webhook hears of one conversation (else user). */
export interface LaneKey {
  readonly partition: number;
  readonly webhookId: WebhookId;
  readonly lane: string;
}

/** An undelivered row. */
export interface Delivery {
  readonly id: string;
  readonly eventId: string;
  readonly trigger: string;
  readonly body: string;
  readonly attempts: number;
  /** Until it may be sent; 0 or less: now. By the database clock, so that owners agree. */
  readonly waitMs: number;
  /** Since its first attempt; 0 before it. */
  readonly sinceFirstMs: number;
  /** Since its event. */
  readonly ageMs: number;
}

export interface Result {
  readonly id: string;
  readonly partition: number;
  /** The fence under which the attempt was made. */
  readonly fence: number;
  readonly attempts: number;
  readonly tookMs: number;
  /** `delivered`, why it was buried, or `null`: it is tried again after `waitMs`. */
  readonly outcome: string | null;
  readonly error: string | null;
  readonly waitMs: number;
}

/** Undelivered rows of a lane that are brought into memory at a time. */
export const PAGE = 4;
/** Lanes named per partition by one look for work. */
export const LANES_PER_LOOK = 50;

export class DeliveryStore {
  constructor(private readonly db: Db) {}

  /** The first undelivered rows of each lane, in order; one list per key. */
  async pages(keys: readonly LaneKey[]): Promise<readonly (readonly Delivery[])[]> {
    const { rows } = await sql<Delivery & { n: number }>`
      SELECT (k.n - 1)::int AS n, d.*
      FROM unnest(${keys.map((key) => key.partition)}::smallint[],
                  ${keys.map((key) => key.webhookId)}::entity_id[],
                  ${keys.map((key) => key.lane)}::entity_id[]) WITH ORDINALITY AS k(partition, webhook_id, lane, n)
      CROSS JOIN LATERAL (
        SELECT id, event_id AS "eventId", trigger, body, attempts::int,
               extract(epoch FROM next_at - clock_timestamp())::float8 * 1000 AS "waitMs",
               coalesce(extract(epoch FROM clock_timestamp() - first_at)::float8 * 1000, 0) AS "sinceFirstMs",
               extract(epoch FROM clock_timestamp() - created_at)::float8 * 1000 AS "ageMs"
        FROM delivery
        WHERE partition = k.partition AND webhook_id = k.webhook_id AND lane = k.lane AND done_at IS NULL
        ORDER BY position
        LIMIT ${PAGE}
      ) d
      ORDER BY k.n`.execute(this.db.as('lanes').kysely);
    const pages = keys.map((): Delivery[] => []);
    for (const { n, ...delivery } of rows) pages[n]?.push(delivery);
    return pages;
  }

  /**
   * Lanes of these partitions that hold undelivered rows, up to `LANES_PER_LOOK` each behind the given place, found by
   * hopping from lane to lane: the cost is by lane, not by row.
   */
  async lanes(after: ReadonlyMap<number, LaneKey | null>): Promise<readonly LaneKey[]> {
    const { rows } = await sql<LaneKey>`
      SELECT p.partition::int, l.webhook_id AS "webhookId", l.lane
      FROM unnest(${[...after.keys()]}::smallint[],
                  ${[...after.values()].map((key) => key?.webhookId ?? '')}::entity_id[],
                  ${[...after.values()].map((key) => key?.lane ?? '')}::entity_id[]) AS p(partition, webhook_id, lane)
      CROSS JOIN LATERAL (
        WITH RECURSIVE hop AS (
          (SELECT webhook_id, lane FROM delivery
           WHERE partition = p.partition AND done_at IS NULL AND (webhook_id, lane) > (p.webhook_id, p.lane)
           ORDER BY webhook_id, lane LIMIT 1)
          UNION ALL
          SELECT next.webhook_id, next.lane FROM hop CROSS JOIN LATERAL (
            SELECT webhook_id, lane FROM delivery
            WHERE partition = p.partition AND done_at IS NULL AND (webhook_id, lane) > (hop.webhook_id, hop.lane)
            ORDER BY webhook_id, lane LIMIT 1
          ) next
        )
        SELECT webhook_id, lane FROM hop LIMIT ${LANES_PER_LOOK}
      ) l`.execute(this.db.as('lanes').kysely);
    return rows;
  }

  /**
   * Writes results of attempts. A result made under a fence that is over is not written: whoever holds the partition
   * now will repeat the attempt, with the same id and the same bytes. Answers the ids that were written.
   *
   * Whether one is done is asked by its outcome. Asked by `done_at`, PostgreSQL reads the whole index of what is undone
   * instead of looking rows up: its statistics come from quiet times and say that this is one row.
   */
  async record(results: readonly Result[]): Promise<ReadonlySet<string>> {
    const column = <K extends keyof Result>(name: K): Result[K][] => results.map((result) => result[name]);
    const { rows } = await sql<{ id: string }>`
      UPDATE delivery d
      SET attempts = r.attempts,
          first_at = coalesce(d.first_at, clock_timestamp() - r.took_ms * interval '1 ms'),
          next_at = clock_timestamp() + r.wait_ms * interval '1 ms',
          done_at = CASE WHEN r.outcome IS NOT NULL THEN clock_timestamp() END,
          outcome = r.outcome,
          last_error = r.error
      FROM unnest(${column('id')}::entity_id[], ${column('partition')}::smallint[], ${column('fence')}::bigint[],
                  ${column('attempts')}::smallint[], ${column('outcome')}::text[], ${column('error')}::text[],
                  ${column('waitMs')}::float8[], ${column('tookMs')}::float8[])
           AS r(id, partition, fence, attempts, outcome, error, wait_ms, took_ms)
      JOIN lease l ON l.partition = r.partition AND l.fence = r.fence
      WHERE d.id = r.id AND d.outcome IS NULL
      RETURNING d.id`.execute(this.db.as('lanes').kysely);
    return new Set(rows.map(({ id }) => id));
  }

  /** How many are not delivered yet; counts no further than `most`. */
  async pending(most = 100_000): Promise<number> {
    const { rows } = await sql<{ n: number }>`
      SELECT count(*)::int AS n FROM (SELECT FROM delivery WHERE done_at IS NULL LIMIT ${most}) undone
    `.execute(this.db.as('lanes').kysely);
    return rows[0]?.n ?? 0;
  }

  /** Delivered rows stay 7 days, dead letters 30. Answers how many went; call again when it is `most`. */
  async forget(most = 1_000): Promise<number> {
    const { rows } = await sql`
      DELETE FROM delivery WHERE id IN (
        SELECT id FROM delivery
        WHERE done_at < clock_timestamp() - interval '7 days'
          AND (outcome = 'delivered' OR done_at < clock_timestamp() - interval '30 days')
        LIMIT ${most}
      ) RETURNING id`.execute(this.db.as('lanes').kysely);
    return rows.length;
  }
}
