import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { AppId, WebhookId } from '../../kernel/index.js';
import { beyond, order, type Page } from '../../platform/http/index.js';
import { Db, refuseStrayCursor } from '../../platform/postgres/index.js';

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

/** What was not delivered and why, for those who mend a bot and want to hear it again. */
@Injectable()
export class DeadLetters {
  constructor(private readonly db: Db) {}

  /** In reading direction, as `paged` wants them; the list's own order is oldest first. */
  async list(appId: AppId, webhookId: WebhookId, { cursor, direction, limit }: Page): Promise<readonly DeadLetter[]> {
    await refuseStrayCursor(this.db, 'delivery', cursor, { app_id: appId, webhook_id: webhookId });
    const { rows } = await sql<DeadLetter>`
      SELECT id, lane AS "conversationId", event_id AS "eventId", trigger, outcome AS reason, attempts::int,
             created_at AS "createdAt", done_at AS "buriedAt", body
      FROM delivery
      WHERE webhook_id = ${webhookId} AND app_id = ${appId} AND outcome <> 'delivered'
        AND (${cursor}::text IS NULL OR id ${sql.raw(beyond(direction))} ${cursor})
      ORDER BY id ${sql.raw(order(direction))}
      LIMIT ${limit}`.execute(this.db.kysely);
    return rows;
  }
}
