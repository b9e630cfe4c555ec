import { sql } from 'kysely';
import type { AppId, WebhookId } from '../kernel/index.js';
import type { Db } from '../platform/postgres/index.js';

/** A delivery that was given up, with the body that was not delivered. */
export interface DeadLetter {
  readonly id: string;
  readonly conversationId: string;
  readonly eventId: string;
  readonly trigger: string;
  readonly reason: string;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly buriedAt: Date;
  readonly body: string;
}

export interface DeadLetterPage {
  readonly after: string | null;
  readonly before: string | null;
  readonly size: number;
}

/** What was not delivered and why, for those who mend a bot and want to hear it again. */
export class DeadLetters {
  constructor(private readonly db: Db) {}

  /** One more than asked for when there is more in the direction of the page; oldest first. */
  async list(
    appId: AppId,
    webhookId: WebhookId,
    { after, before, size }: DeadLetterPage,
  ): Promise<readonly DeadLetter[]> {
    const backwards = before !== null;
    const { rows } = await sql<DeadLetter>`
      SELECT id, lane AS "conversationId", event_id AS "eventId", trigger, outcome AS reason, attempts::int,
             created_at AS "createdAt", done_at AS "buriedAt", body
      FROM delivery
      WHERE webhook_id = ${webhookId} AND app_id = ${appId} AND outcome <> 'delivered'
        AND (${after}::text IS NULL OR id > ${after}) AND (${before}::text IS NULL OR id < ${before})
      ORDER BY id ${backwards ? sql`DESC` : sql`ASC`}
      LIMIT ${size + 1}`.execute(this.db.kysely);
    return backwards ? rows.toReversed() : rows;
  }

  /**
   * Puts a dead letter back at its old place in its lane, with all attempts before it: same id, same bytes. Answers its
   * partition, to be woken; `null` when there is no such dead letter.
   */
  async resend(appId: AppId, webhookId: WebhookId, id: string): Promise<number | null> {
    const { rows } = await sql<{ partition: number }>`
      UPDATE delivery
      SET done_at = NULL, outcome = NULL, last_error = NULL, attempts = 0, first_at = NULL, next_at = clock_timestamp()
      WHERE id = ${id} AND webhook_id = ${webhookId} AND app_id = ${appId} AND outcome <> 'delivered'
      RETURNING partition::int`.execute(this.db.kysely);
    return rows[0]?.partition ?? null;
  }
}
