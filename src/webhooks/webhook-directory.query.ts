import { sql } from 'kysely';
import type { AppId, WebhookId } from '../kernel/index.js';
import type { Db } from '../platform/postgres/index.js';
import type { SecretBox } from '../platform/secrets/index.js';
import type { FindEndpoints } from './sending/endpoints.js';
import type { Endpoint } from './sending/sender.js';

interface WebhookRow {
  readonly id: WebhookId;
  readonly appId: AppId;
  readonly target: string;
  readonly secret: Buffer;
  readonly holderDeadlineSeconds: number | null;
}

/** Reads where webhooks are now: this room only reads the settings that `integrations` keeps. */
export function webhookDirectory(db: Db, box: SecretBox): FindEndpoints {
  return async (ids) => {
    const { rows } = await sql<WebhookRow>`
      SELECT w.id, w.app_id AS "appId", w.target, w.secret, l.holder_deadline_seconds AS "holderDeadlineSeconds"
      FROM webhook w LEFT JOIN switchboard_integration l ON l.integration_id = w.integration_id
      WHERE w.id = ANY(${[...ids]}::entity_id[])
    `.execute(db.as('lanes').kysely);
    return new Map(rows.map((row) => [row.id, endpointOf(row, box)]));
  };
}

/** A secret that does not open holds up its own webhook, nobody else's. */
function endpointOf({ target, secret, appId, holderDeadlineSeconds }: WebhookRow, box: SecretBox): Endpoint | Error {
  try {
    return { target, secret: box.open(secret, appId).toString(), holderDeadlineSeconds };
  } catch (error) {
    return error as Error;
  }
}
