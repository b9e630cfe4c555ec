import { Injectable } from '@nestjs/common';
import type { AppId, IntegrationId, SwitchboardId, SwitchboardIntegrationId } from '../kernel/index.js';
import { databaseNow } from '../platform/clock/index.js';
import { Db, type Tx } from '../platform/postgres/index.js';
import type { ControlEnforcement, ControllerKind, HolderDeadlines, Switchboard } from '../conversation/core/index.js';

export interface SwitchboardRecord {
  readonly id: SwitchboardId;
  readonly enabled: boolean;
  readonly defaultId: SwitchboardIntegrationId | null;
  readonly controlEnforcement: ControlEnforcement;
  readonly offerExpirySeconds: number | null;
  /** What the end user is told when a dead holder loses control; `null`: nothing. */
  readonly failOverNote: string | null;
  /** How long whoever gave control away by itself may still speak; 0: not at all. */
  readonly partingSeconds: number;
  /** What a message of an integration that was never on the switchboard meets. */
  readonly outsiders: Switchboard['outsiders'];
  /** After so many hand-offs by integrations without a message the next one is stopped; 0: never. */
  readonly handOffLimit: number;
}

export interface LinkRecord {
  readonly id: SwitchboardIntegrationId;
  readonly name: string;
  readonly integrationId: IntegrationId;
  readonly integrationType: string;
  readonly kind: ControllerKind;
  readonly deliverStandbyEvents: boolean;
  readonly nextId: SwitchboardIntegrationId | null;
  readonly messageHistoryCount: number | null;
  readonly holderDeadlineSeconds: number | null;
  readonly replyDeadlineSeconds: number | null;
  readonly replyDeadlineAction: HolderDeadlines['replyAction'];
}

type On = Tx | Db['kysely'];

@Injectable()
export class SwitchboardsStore {
  constructor(private readonly db: Db) {}

  async insert(tx: Tx, appId: AppId, switchboard: SwitchboardRecord): Promise<void> {
    const created_at = await databaseNow(tx);
    await tx
      .insertInto('switchboard')
      .values({ id: switchboard.id, app_id: appId, created_at, ...columnsOf(switchboard) })
      .execute();
  }

  /** An app has one or none. */
  async of(appId: AppId, on: On = this.db.kysely): Promise<SwitchboardRecord | null> {
    const row = await on.selectFrom('switchboard').selectAll().where('app_id', '=', appId).executeTakeFirst();
    if (row === undefined) return null;
    return {
      id: row.id as SwitchboardId,
      enabled: row.enabled,
      defaultId: row.default_id as SwitchboardIntegrationId | null,
      controlEnforcement: row.control_enforcement as ControlEnforcement,
      offerExpirySeconds: row.offer_expiry_seconds,
      failOverNote: row.fail_over_note,
      partingSeconds: row.parting_seconds,
      outsiders: row.outsiders as Switchboard['outsiders'],
      handOffLimit: row.hand_off_limit,
    };
  }

  async update(tx: Tx, appId: AppId, switchboard: SwitchboardRecord): Promise<void> {
    await tx.updateTable('switchboard').set(columnsOf(switchboard)).where('app_id', '=', appId).execute();
  }

  /** With it go its switchboard integrations. */
  async remove(tx: Tx, appId: AppId): Promise<void> {
    await tx.deleteFrom('switchboard').where('app_id', '=', appId).execute();
  }

  async link(tx: Tx, appId: AppId, switchboardId: SwitchboardId, link: LinkRecord): Promise<void> {
    await tx
      .insertInto('switchboard_integration')
      .values({
        id: link.id,
        app_id: appId,
        switchboard_id: switchboardId,
        created_at: await databaseNow(tx),
        ...linkColumnsOf(link),
      })
      .execute();
    await this.remember(tx, appId, link);
  }

  /** Who was on the switchboard once stays bound by the fence (`core/decide/fence.ts`). */
  private async remember(tx: Tx, appId: AppId, { integrationId }: LinkRecord): Promise<void> {
    await tx
      .updateTable('integration')
      .set({ was_linked: true })
      .where('app_id', '=', appId)
      .where('id', '=', integrationId)
      .execute();
  }

  /** Oldest first. */
  async links(appId: AppId, on: On = this.db.kysely): Promise<LinkRecord[]> {
    const rows = await on
      .selectFrom('switchboard_integration')
      .selectAll()
      .where('app_id', '=', appId)
      .orderBy('id')
      .execute();
    return rows.map((row) => ({
      id: row.id as SwitchboardIntegrationId,
      name: row.name,
      integrationId: row.integration_id as IntegrationId,
      integrationType: row.integration_type,
      kind: row.kind as ControllerKind,
      deliverStandbyEvents: row.deliver_standby_events,
      nextId: row.next_id as SwitchboardIntegrationId | null,
      messageHistoryCount: row.message_history_count,
      holderDeadlineSeconds: row.holder_deadline_seconds,
      replyDeadlineSeconds: row.reply_deadline_seconds,
      replyDeadlineAction: row.reply_deadline_action as HolderDeadlines['replyAction'],
    }));
  }

  async relink(tx: Tx, appId: AppId, link: LinkRecord): Promise<void> {
    await tx
      .updateTable('switchboard_integration')
      .set(linkColumnsOf(link))
      .where('app_id', '=', appId)
      .where('id', '=', link.id)
      .execute();
    await this.remember(tx, appId, link);
  }

  async unlink(tx: Tx, appId: AppId, id: SwitchboardIntegrationId): Promise<void> {
    await tx.deleteFrom('switchboard_integration').where('app_id', '=', appId).where('id', '=', id).execute();
  }
}

function columnsOf(switchboard: SwitchboardRecord) {
  return {
    enabled: switchboard.enabled,
    default_id: switchboard.defaultId,
    control_enforcement: switchboard.controlEnforcement,
    offer_expiry_seconds: switchboard.offerExpirySeconds,
    fail_over_note: switchboard.failOverNote,
    parting_seconds: switchboard.partingSeconds,
    outsiders: switchboard.outsiders,
    hand_off_limit: switchboard.handOffLimit,
  };
}

function linkColumnsOf(link: LinkRecord) {
  return {
    name: link.name,
    integration_id: link.integrationId,
    integration_type: link.integrationType,
    kind: link.kind,
    deliver_standby_events: link.deliverStandbyEvents,
    next_id: link.nextId,
    message_history_count: link.messageHistoryCount,
    holder_deadline_seconds: link.holderDeadlineSeconds,
    reply_deadline_seconds: link.replyDeadlineSeconds,
    reply_deadline_action: link.replyDeadlineAction,
  };
}
