import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { RemovalKind } from '../configuration/index.js';
import type { AppId, Millis } from '../kernel/index.js';
import { Db } from '../platform/postgres/index.js';

/**
 * How far a removal is. `conversations`: those that stood on what is gone get their command. Of an app: its `sessions`
 * end; that is being heard (`announcing`); its `contents` go.
 */
export type Stage = 'conversations' | 'sessions' | 'announcing' | 'contents' | 'done';

/** A removal that this process works on, until its lease runs out. */
export interface Removal {
  readonly id: string;
  readonly appId: AppId;
  readonly kind: RemovalKind;
  readonly grounds: readonly string[];
  readonly stage: Stage;
  readonly stageMs: Millis;
  /** The last id that was dealt with in this stage; empty: none yet. */
  readonly place: string;
  readonly total: number | null;
  readonly fence: number;
}

/** What a piece of work did. */
export interface Progress {
  readonly place: string;
  readonly lookedAt: number;
  readonly settled: number;
  readonly failed: number;
}

/** How long nobody else takes what a process works on, unless it says more. */
const LEASE = sql`interval '10 seconds'`;
const KEPT = sql`interval '30 days'`;

/** Removals that are not finished, as rows: whoever dies is gone on from where its last piece ended. */
@Injectable()
export class RemovalsStore {
  constructor(private readonly db: Db) {}

  /** The one that waits longest; `null`: none waits. */
  async claim(): Promise<Removal | null> {
    const { rows } = await sql<Removal>`
      UPDATE removal SET fence = fence + 1, next_at = clock_timestamp() + ${LEASE}
      WHERE id = (SELECT id FROM removal WHERE finished_at IS NULL AND next_at <= statement_timestamp()
                  ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING id, app_id AS "appId", kind, grounds, stage, place, total, fence,
                extract(epoch FROM clock_timestamp() - stage_since)::float8 * 1000 AS "stageMs"`.execute(
      this.db.as('removals').kysely,
    );
    return rows[0] ?? null;
  }

  /** `false`: somebody else works on it by now. */
  async advance({ id, fence }: Removal, { place, lookedAt, settled, failed }: Progress): Promise<boolean> {
    const { numAffectedRows = 0n } = await sql`
      UPDATE removal SET place = ${place}, looked_at = looked_at + ${lookedAt}, settled = settled + ${settled},
                         failed = failed + ${failed}, next_at = clock_timestamp() + ${LEASE}
      WHERE id = ${id} AND fence = ${fence}`.execute(this.db.as('removals').kysely);
    return numAffectedRows > 0n;
  }

  async count({ id, fence }: Removal, total: number): Promise<void> {
    await sql`UPDATE removal SET total = ${total} WHERE id = ${id} AND fence = ${fence}`.execute(
      this.db.as('removals').kysely,
    );
  }

  async enter({ id, fence }: Removal, stage: Stage): Promise<void> {
    await sql`
      UPDATE removal SET stage = ${stage}, stage_since = clock_timestamp(), place = '', next_at = clock_timestamp(),
                         finished_at = CASE WHEN ${stage} = 'done' THEN clock_timestamp() END
      WHERE id = ${id} AND fence = ${fence}`.execute(this.db.as('removals').kysely);
  }

  /** Gives it back, to be gone on with after a while; `place`: from there. */
  async release({ id, fence }: Removal, afterMs: Millis, place: string | null = null): Promise<void> {
    await sql`
      UPDATE removal SET next_at = clock_timestamp() + ${afterMs}::float8 * interval '1 ms',
                         place = coalesce(${place}, place)
      WHERE id = ${id} AND fence = ${fence}`.execute(this.db.as('removals').kysely);
  }

  async backlog(): Promise<{ readonly removals: number; readonly oldestSeconds: number }> {
    const { rows } = await sql<{ removals: number; oldestSeconds: number }>`
      SELECT count(*)::int AS removals,
             coalesce(extract(epoch FROM clock_timestamp() - min(started_at)), 0)::float8 AS "oldestSeconds"
      FROM (SELECT started_at FROM removal WHERE finished_at IS NULL LIMIT 100000) open`.execute(
      this.db.as('removals').kysely,
    );
    return rows[0] ?? { removals: 0, oldestSeconds: 0 };
  }

  /** Finished ones are told of for 30 days. */
  async forget(): Promise<void> {
    await sql`DELETE FROM removal WHERE finished_at < clock_timestamp() - ${KEPT}`.execute(
      this.db.as('removals').kysely,
    );
  }
}
