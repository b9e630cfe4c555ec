import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { AppId, IntegrationId, SwitchboardIntegrationId } from '../kernel/index.js';
import { databaseNow } from '../platform/clock/index.js';
import { beyond, order, type Page } from '../platform/http/index.js';
import { Db, refuseStrayCursor, type Tx } from '../platform/postgres/index.js';
import type { ChannelSettings } from './channel-settings.js';

export interface IntegrationRecord {
  readonly id: IntegrationId;
  readonly type: string;
  readonly status: string;
  readonly displayName: string | null;
  /** Chosen for this channel, over the switchboard's default. */
  readonly defaultResponderId: SwitchboardIntegrationId | null;
  /** Of web, ios and android; what was said, without the defaults. */
  readonly settings: ChannelSettings;
}

type On = Tx | Db['kysely'];

@Injectable()
export class IntegrationsStore {
  constructor(private readonly db: Db) {}

  async insert(tx: Tx, appId: AppId, integration: IntegrationRecord): Promise<void> {
    await tx
      .insertInto('integration')
      .values({
        id: integration.id,
        app_id: appId,
        type: integration.type,
        status: integration.status,
        display_name: integration.displayName,
        default_responder_id: integration.defaultResponderId,
        settings: JSON.stringify(integration.settings),
        created_at: await databaseNow(tx),
      })
      .execute();
  }

  async find(appId: AppId, id: IntegrationId, on: On = this.db.kysely): Promise<IntegrationRecord | null> {
    return (await ofApp(on, appId).where('id', '=', id).executeTakeFirst()) ?? null;
  }

  /** In reading direction, as `paged` wants it. `types`: only these. */
  async page(appId: AppId, types: readonly string[] | null, page: Page): Promise<IntegrationRecord[]> {
    await refuseStrayCursor(this.db, 'integration', page.cursor, { app_id: appId });
    return ofApp(this.db.kysely, appId)
      .$if(types !== null, (rows) => rows.where('type', '=', sql<string>`ANY (${types ?? []})`))
      .$if(page.cursor !== null, (rows) =>
        rows.where('id', beyond(page.direction), (page.cursor ?? '') as IntegrationId),
      )
      .orderBy('id', order(page.direction))
      .limit(page.limit)
      .execute();
  }

  async update(
    tx: Tx,
    appId: AppId,
    { id, displayName, defaultResponderId, settings }: IntegrationRecord,
  ): Promise<void> {
    await tx
      .updateTable('integration')
      .set({
        display_name: displayName,
        default_responder_id: defaultResponderId,
        settings: JSON.stringify(settings),
      })
      .where('app_id', '=', appId)
      .where('id', '=', id)
      .execute();
  }

  /** With it go its keys, webhooks and switchboard integration. */
  async remove(tx: Tx, appId: AppId, id: IntegrationId): Promise<void> {
    await tx.deleteFrom('integration').where('app_id', '=', appId).where('id', '=', id).execute();
  }

  /** Channels that had chosen one of these go back to the switchboard's default. */
  async forgetResponders(tx: Tx, appId: AppId, ids: readonly SwitchboardIntegrationId[]): Promise<void> {
    await tx
      .updateTable('integration')
      .set({ default_responder_id: null })
      .where('app_id', '=', appId)
      .where('default_responder_id', '=', sql<string>`ANY (${ids})`)
      .execute();
  }
}

function ofApp(on: On, appId: AppId) {
  return on
    .selectFrom('integration')
    .select(['type', 'status', 'display_name as displayName'])
    .select((row) => [
      row.ref('id').$castTo<IntegrationId>().as('id'),
      row.ref('default_responder_id').$castTo<SwitchboardIntegrationId | null>().as('defaultResponderId'),
      row.ref('settings').$castTo<ChannelSettings>().as('settings'),
    ])
    .where('app_id', '=', appId);
}
