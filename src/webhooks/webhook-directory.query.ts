import { sql } from 'kysely';
import type { AppId, WebhookId } from '../kernel/index.js';
import type { Db } from '../platform/postgres/index.js';
import type { SecretBox } from '../platform/secrets/index.js';
import type { FindEndpoints } from './sending/endpoints.js';
import type { RetryPolicy } from './sending/retry-policy.js';
import type { Endpoint } from './sending/sender.js';

interface WebhookRow {
  readonly id: WebhookId;
  readonly appId: AppId;
  readonly target: string;
  readonly secret: Buffer;
  readonly oldSecrets: readonly Buffer[];
  readonly schedule: readonly number[] | null;
  readonly windowSeconds: number | null;
  readonly holderDeadlineSeconds: number | null;
}

/** Reads where webhooks are now: this room only reads the settings that `integrations` keeps. */
export function webhookDirectory(db: Db, box: SecretBox): FindEndpoints {
  return async (ids) => {
    const { rows } = await sql<WebhookRow>`
      SELECT w.id, w.app_id AS "appId", w.target, w.secret, l.holder_deadline_seconds AS "holderDeadlineSeconds",
             w.retry_schedule AS schedule, w.retry_window_seconds AS "windowSeconds",
             ARRAY(SELECT o.secret FROM webhook_old_secret o
                   WHERE o.app_id = w.app_id AND o.webhook_id = w.id AND o.expires_at > clock_timestamp()
                   ORDER BY o.id) AS "oldSecrets"
      FROM webhook w LEFT JOIN switchboard_integration l ON l.integration_id = w.integration_id
      WHERE w.id = ANY(${[...ids]}::entity_id[])
    `.execute(db.as('lanes').kysely);
    return new Map(rows.map((row) => [row.id, endpointOf(row, box)]));
  };
}

/** A secret that does not open holds up its own webhook, nobody else's. */
function endpointOf(row: WebhookRow, box: SecretBox): Endpoint | Error {
  const { target, appId, holderDeadlineSeconds, oldSecrets } = row;
  try {
    const opened = (sealed: Buffer): string => box.openText(sealed, appId);
    return {
      target,
      secret: opened(row.secret),
      oldSecrets: oldSecrets.map(opened),
      retryPolicy: policyOf(row),
      holderDeadlineSeconds,
    };
  } catch (error) {
    return error as Error;
  }
}

function policyOf({ schedule, windowSeconds }: WebhookRow): RetryPolicy | null {
  if (schedule === null || windowSeconds === null) return null;
  return { delaysMs: schedule.map((seconds) => seconds * 1000), windowMs: windowSeconds * 1000 };
}
