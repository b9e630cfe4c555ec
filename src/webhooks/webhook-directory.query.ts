import { sql } from 'kysely';
import type { AppId, WebhookId } from '../kernel/index.js';
import type { Db } from '../platform/postgres/index.js';
import type { FindEndpoints } from './endpoints.js';
import type { Endpoint } from './sender.js';

/** Opens a secret that lies encrypted at rest, with its app as associated data (architecture, Secrets). */
export abstract class SealedSecrets {
  abstract open(sealed: Buffer, appId: AppId): string;
}

/** Reads where webhooks are now: this room only reads the settings that `integrations` keeps. */
export function webhookDirectory(db: Db, secrets: SealedSecrets): FindEndpoints {
  return async (ids) => {
    const { rows } = await sql<{ id: WebhookId; appId: AppId; target: string; secret: Buffer }>`
      SELECT id, app_id AS "appId", target, secret FROM webhook WHERE id = ANY(${[...ids]}::entity_id[])
    `.execute(db.kysely);
    return new Map(
      rows.map(({ id, appId, target, secret }): [WebhookId, Endpoint] => [
        id,
        { target, secret: secrets.open(secret, appId) },
      ]),
    );
  };
}
