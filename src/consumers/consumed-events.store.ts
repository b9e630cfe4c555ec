import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Once } from '../../sdk/index.js';
import { Db, type Tx } from '../platform/postgres/index.js';

/** Far longer than the outbox can publish an event again (48 h). */
const REMEMBERED = '7 days';
const PIECE = 5_000;

/** The table of event ids already handled, kept in the transaction of their effects (I6: CSAT acts once per id). */
@Injectable()
export class ConsumedEvents {
  constructor(private readonly db: Db) {}

  /** A second process with the same event waits for the first one's transaction, then finds the id. */
  of(consumer: string): Once<Tx> {
    return {
      run: (eventId, effect) =>
        this.db.as('consumers').transaction(async (tx) => {
          const { numInsertedOrUpdatedRows } = await tx
            .insertInto('consumed_event')
            .values({ consumer, event_id: eventId, consumed_at: sql<Date>`clock_timestamp()` })
            .onConflict((conflict) => conflict.doNothing())
            .executeTakeFirstOrThrow();
          if (numInsertedOrUpdatedRows !== 1n) return false;
          await effect(tx);
          return true;
        }),
      runAll: (eventIds, effect) =>
        this.db.as('consumers').transaction(async (tx) => {
          // In id order, so that two processes with the same events wait for each other instead of deadlocking.
          const { rows } = await sql<{ event_id: string }>`
            INSERT INTO consumed_event (consumer, event_id, consumed_at)
            SELECT ${consumer}, id, clock_timestamp() FROM unnest(${[...new Set(eventIds)].sort()}::text[]) AS id
            ON CONFLICT DO NOTHING RETURNING event_id`.execute(tx);
          if (rows.length > 0) await effect(new Set(rows.map((row) => row.event_id)), tx);
          return rows.length;
        }),
    };
  }

  /** Forgets old ids, in pieces; answers how many. */
  async forget(): Promise<number> {
    for (let total = 0; ;) {
      const { rows } = await sql`
        DELETE FROM consumed_event WHERE ctid = ANY (ARRAY(
          SELECT ctid FROM consumed_event WHERE consumed_at < clock_timestamp() - ${REMEMBERED}::interval LIMIT ${PIECE}
        )) RETURNING 1`.execute(this.db.as('consumers').kysely);
      total += rows.length;
      if (rows.length < PIECE) return total;
    }
  }
}
