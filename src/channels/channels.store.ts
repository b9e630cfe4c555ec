import { Injectable } from '@nestjs/common';
import type { AppId, ChannelId, QueueId } from '../kernel/index.js';
import { databaseNow } from '../platform/clock/index.js';
import { beyond, order, type Slice } from '../platform/http/index.js';
import { Db, refuseStrayCursor, type Tables, type Tx } from '../platform/postgres/index.js';
import type { ChannelRecord } from './channel-record.js';
import type { Selectable } from 'kysely';

type On = Tx | Db['kysely'];

@Injectable()
export class ChannelsStore {
  constructor(private readonly db: Db) {}

  async insert(tx: Tx, appId: AppId, channel: ChannelRecord): Promise<void> {
    const { id, kind, tier } = channel;
    if (channel.default) await this.forgetDefault(tx, appId);
    await tx
      .insertInto('service_channel')
      .values({ id, app_id: appId, kind, tier, created_at: await databaseNow(tx), ...columnsOf(channel) })
      .execute();
  }

  async update(tx: Tx, appId: AppId, channel: ChannelRecord): Promise<void> {
    if (channel.default) await this.forgetDefault(tx, appId);
    await tx
      .updateTable('service_channel')
      .set(columnsOf(channel))
      .where('app_id', '=', appId)
      .where('id', '=', channel.id)
      .execute();
  }

  async remove(tx: Tx, appId: AppId, id: ChannelId): Promise<void> {
    await tx.deleteFrom('service_channel').where('app_id', '=', appId).where('id', '=', id).execute();
  }

  /** By id, in reading direction. */
  async page(appId: AppId, { cursor, direction, limit }: Slice): Promise<ChannelRecord[]> {
    await refuseStrayCursor(this.db, 'service_channel', cursor, { app_id: appId });
    const rows = await select(this.db.kysely, appId)
      .$if(cursor !== null, (query) => query.where('id', beyond(direction), cursor ?? ''))
      .orderBy('id', order(direction))
      .limit(limit)
      .execute();
    return rows.map(recordOf);
  }

  async all(appId: AppId, on: On = this.db.kysely): Promise<ChannelRecord[]> {
    return (await select(on, appId).orderBy('id').execute()).map(recordOf);
  }

  /** One channel of an app at most is its default. */
  private async forgetDefault(tx: Tx, appId: AppId): Promise<void> {
    await tx.updateTable('service_channel').set({ is_default: false }).where('app_id', '=', appId).execute();
  }
}

function select(on: On, appId: AppId) {
  return on.selectFrom('service_channel').selectAll().where('app_id', '=', appId);
}

function columnsOf(channel: ChannelRecord) {
  return {
    name: channel.name,
    is_default: channel.default,
    capacity_model: channel.capacityModel,
    weight: channel.weight,
    percent: channel.percent,
    paused_weight: channel.pausedWeight,
    interruptible: channel.interruptible,
    bucket: channel.bucket,
    count_inactive: channel.countInactive,
    after_work: channel.afterWork === null ? null : JSON.stringify(channel.afterWork),
    customer_inactivity_seconds: channel.customerInactivitySeconds,
    opt_in: channel.optIn,
    end_user_end: channel.endUserEnd,
    queue_id: channel.queueId,
    no_response_seconds: channel.noResponseSeconds,
    agent_ended_as: channel.agentEndedRoutingChannel,
  };
}

function recordOf(row: Selectable<Tables['service_channel']>): ChannelRecord {
  return {
    id: row.id as ChannelId,
    name: row.name,
    kind: row.kind as ChannelRecord['kind'],
    tier: row.tier as ChannelRecord['tier'],
    default: row.is_default,
    capacityModel: row.capacity_model as ChannelRecord['capacityModel'],
    weight: row.weight,
    percent: row.percent,
    pausedWeight: row.paused_weight,
    interruptible: row.interruptible,
    bucket: row.bucket as ChannelRecord['bucket'],
    countInactive: row.count_inactive,
    afterWork: row.after_work as ChannelRecord['afterWork'],
    customerInactivitySeconds: row.customer_inactivity_seconds,
    optIn: row.opt_in as ChannelRecord['optIn'],
    endUserEnd: row.end_user_end,
    queueId: row.queue_id as QueueId | null,
    noResponseSeconds: row.no_response_seconds,
    agentEndedRoutingChannel: row.agent_ended_as as ChannelRecord['agentEndedRoutingChannel'],
  };
}
