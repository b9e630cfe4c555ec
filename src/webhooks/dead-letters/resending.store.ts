import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Failure, type AppId, type IntegrationId, type WebhookId } from '../../kernel/index.js';
import { Db, type Tx } from '../../platform/postgres/index.js';
import { readdressed } from '../rendering/payloads.js';

interface Letter {
  readonly partition: number;
  readonly body: string;
  /** Whose its webhook is or was; `null`: nobody knows any more. */
  readonly integrationId: IntegrationId | null;
  readonly isGone: boolean;
}

/** Puts dead letters back at their old places in their lanes, with all attempts before them. */
@Injectable()
export class Resending {
  constructor(private readonly db: Db) {}

  /**
   * To its own webhook under the same id and the same bytes, or to another one of the same integration, whose envelope it
   * gets. Answers its partition, to be woken.
   *
   * @throws `not_found`: no such letter, or no such webhook to send it to; `conflict`: its webhook is gone, or the other
   *   one is not of the same integration. What would only be buried again is not sent.
   */
  resend(appId: AppId, webhookId: WebhookId, id: string, to: WebhookId | null): Promise<number> {
    return this.db.transaction(async (tx) => {
      const letter = await find(tx, appId, webhookId, id);
      if (letter === null) throw noSuchLetter();
      if (to === null || to === webhookId) {
        if (letter.isGone) throw webhookGone();
        await revive(tx, appId, id, webhookId, letter.body);
        return letter.partition;
      }
      await proveOther(tx, appId, to, letter);
      await revive(tx, appId, id, to, readdressed(letter.body, to));
      return letter.partition;
    });
  }
}

async function find(tx: Tx, appId: AppId, webhookId: WebhookId, id: string): Promise<Letter | null> {
  const { rows } = await sql<Letter>`
    SELECT d.partition::int, d.body, w.id IS NULL AS "isGone",
           coalesce(w.integration_id, f.integration_id) AS "integrationId"
    FROM delivery d
    LEFT JOIN webhook w ON w.app_id = d.app_id AND w.id = d.webhook_id
    LEFT JOIN former_webhook f ON f.app_id = d.app_id AND f.id = d.webhook_id
    WHERE d.id = ${id} AND d.webhook_id = ${webhookId} AND d.app_id = ${appId} AND d.outcome <> 'delivered'
    FOR UPDATE OF d`.execute(tx);
  return rows[0] ?? null;
}

async function proveOther(tx: Tx, appId: AppId, to: WebhookId, { integrationId }: Letter): Promise<void> {
  const other = await tx
    .selectFrom('webhook')
    .select('integration_id')
    .where('app_id', '=', appId)
    .where('id', '=', to)
    .executeTakeFirst();
  if (other === undefined) throw noSuchWebhook();
  if (integrationId === null)
    throw new Failure('conflict', 'The webhook of this dead letter is gone, and whose it was is not known any more');
  if (other.integration_id !== integrationId)
    throw new Failure('conflict', 'webhookId is of another integration than the dead letter');
}

async function revive(tx: Tx, appId: AppId, id: string, webhookId: WebhookId, body: string): Promise<void> {
  await sql`
    UPDATE delivery
    SET webhook_id = ${webhookId}, body = ${body}, done_at = NULL, outcome = NULL, last_error = NULL, attempts = 0,
        first_at = NULL, next_at = clock_timestamp()
    WHERE id = ${id} AND app_id = ${appId}`.execute(tx);
}

export function noSuchLetter(): Failure {
  return new Failure('not_found', 'There is no such dead letter');
}

export function noSuchWebhook(): Failure {
  return new Failure('not_found', 'There is no such webhook');
}

function webhookGone(): Failure {
  return new Failure(
    'conflict',
    'The webhook of this dead letter is gone: name another one of its integration as webhookId',
  );
}
