import { Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import type { AppId, IntegrationId, WebhookId } from '../kernel/index.js';
import { databaseNow } from '../platform/clock/index.js';
import { Db, type Tables, type Tx } from '../platform/postgres/index.js';
import { SecretBox } from '../platform/secrets/index.js';

/** A webhook as the API tells it; its secret may be read again (`docs/wire.md` 2). */
export interface Webhook extends WebhookFields {
  readonly id: WebhookId;
  readonly version: 'v2';
  readonly secret: string;
}

export interface WebhookFields {
  readonly target: string;
  readonly triggers: readonly string[];
  readonly includeFullUser: boolean;
  readonly includeFullSource: boolean;
  /** Absent or `null`: the default of the house. Told where it is set. */
  readonly retryPolicy?: RetryPolicy | null;
}

export interface RetryPolicy {
  /** Seconds to wait before each attempt, the first 0. */
  readonly schedule: readonly number[];
  /** The last attempt begins so long after the first at most. */
  readonly windowSeconds: number;
}

/** Dead letters are kept for 30 days, and what waits for a webhook that is gone becomes one at once. */
const FORMER_KNOWN_MS = 60 * 86_400_000;

type On = Tx | Db['kysely'];

/** Webhooks' settings; their secrets are sealed with the app's id as associated data. */
@Injectable()
export class WebhooksStore {
  constructor(
    private readonly db: Db,
    private readonly box: SecretBox,
  ) {}

  async insert(tx: Tx, appId: AppId, integrationId: IntegrationId, webhook: Webhook): Promise<void> {
    await tx
      .insertInto('webhook')
      .values({
        id: webhook.id,
        app_id: appId,
        integration_id: integrationId,
        secret: this.box.seal(webhook.secret, appId),
        created_at: await databaseNow(tx),
        ...columnsOf(webhook),
      })
      .execute();
  }

  /** Oldest first, by integration. */
  async of(
    appId: AppId,
    integrationIds: readonly IntegrationId[],
    on: On = this.db.kysely,
  ): Promise<ReadonlyMap<IntegrationId, readonly Webhook[]>> {
    if (integrationIds.length === 0) return new Map();
    const rows = await on
      .selectFrom('webhook')
      .selectAll()
      .where('app_id', '=', appId)
      .where('integration_id', 'in', [...integrationIds])
      .orderBy('id')
      .execute();
    const grouped = Map.groupBy(rows, (row) => row.integration_id as IntegrationId);
    return new Map([...grouped].map(([id, ofOne]) => [id, ofOne.map((row) => this.webhookOf(row))]));
  }

  async find(appId: AppId, integrationId: IntegrationId, id: WebhookId, on: On = this.db.kysely) {
    const row = await on
      .selectFrom('webhook')
      .selectAll()
      .where('app_id', '=', appId)
      .where('integration_id', '=', integrationId)
      .where('id', '=', id)
      .executeTakeFirst();
    return row === undefined ? null : this.webhookOf(row);
  }

  async update(tx: Tx, appId: AppId, id: WebhookId, fields: WebhookFields): Promise<void> {
    await tx.updateTable('webhook').set(columnsOf(fields)).where('app_id', '=', appId).where('id', '=', id).execute();
  }

  /** Whose it was is known for as long as it may have dead letters. */
  async remove(tx: Tx, appId: AppId, integrationId: IntegrationId, id: WebhookId): Promise<void> {
    const now = await databaseNow(tx);
    await tx
      .deleteFrom('webhook')
      .where('app_id', '=', appId)
      .where('integration_id', '=', integrationId)
      .where('id', '=', id)
      .execute();
    await tx
      .deleteFrom('former_webhook')
      .where('app_id', '=', appId)
      .where('gone_at', '<', new Date(now.getTime() - FORMER_KNOWN_MS))
      .execute();
    await tx
      .insertInto('former_webhook')
      .values({ id, app_id: appId, integration_id: integrationId, gone_at: now })
      .execute();
  }

  private webhookOf(row: Selectable<Tables['webhook']>): Webhook {
    return {
      id: row.id as WebhookId,
      version: 'v2',
      target: row.target,
      triggers: row.triggers,
      secret: this.box.openText(row.secret, row.app_id),
      includeFullUser: row.include_full_user,
      includeFullSource: row.include_full_source,
      ...(row.retry_schedule !== null &&
        row.retry_window_seconds !== null && {
          retryPolicy: { schedule: row.retry_schedule, windowSeconds: row.retry_window_seconds },
        }),
    };
  }
}

function columnsOf({ target, triggers, includeFullUser, includeFullSource, retryPolicy = null }: WebhookFields) {
  return {
    target,
    triggers: [...triggers],
    include_full_user: includeFullUser,
    include_full_source: includeFullSource,
    retry_schedule: retryPolicy && [...retryPolicy.schedule],
    retry_window_seconds: retryPolicy && retryPolicy.windowSeconds,
  };
}
