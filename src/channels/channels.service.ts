import { Injectable } from '@nestjs/common';
import {
  ConfigurationChange,
  requireFloors,
  warningsOn,
  type AppConfiguration,
  type Asked,
} from '../configuration/index.js';
import { Failure, type AppId, type ChannelId, type QueueId } from '../kernel/index.js';
import { Config } from '../platform/config/index.js';
import type { Slice } from '../platform/http/index.js';
import { newId } from '../platform/ids.js';
import { channelView, usualRecord, type ChannelRecord, type ChannelView } from './channel-record.js';
import { askedTimes, channelNotFound, MOST_CHANNELS, refuseChannel } from './channel.rules.js';
import { ChannelsStore } from './channels.store.js';

export type ChannelPatch = Partial<Omit<ChannelRecord, 'id' | 'kind' | 'tier' | 'queueId'>> & {
  readonly queueId?: string | null;
};
export type NewChannel = ChannelPatch & Pick<ChannelRecord, 'name' | 'kind'> & Partial<Pick<ChannelRecord, 'tier'>>;

/** Service channels: where end users write, what can be done there, what its work weighs (`docs/rules.md` 0.2, 0.3). */
@Injectable()
export class ChannelsService {
  constructor(
    private readonly channels: ChannelsStore,
    private readonly change: ConfigurationChange,
    private readonly config: Config,
  ) {}

  async create(appId: AppId, { queueId = null, ...wish }: NewChannel, asked: Asked): Promise<ChannelView> {
    requireFloors(askedTimes(wish), this.config);
    return this.change.run(appId, asked, { action: 'serviceChannel.create' }, async (tx, before) => {
      const others = await this.channels.all(appId, tx);
      if (others.length >= MOST_CHANNELS)
        throw new Failure('conflict', `The app has the most service channels it can have (${MOST_CHANNELS})`);
      const channel: ChannelRecord = {
        ...usualRecord,
        tier: 'enhanced',
        ...wish,
        id: newId<ChannelId>(),
        queueId: queueId as QueueId | null,
      };
      refuseChannel(channel, others, before);
      await this.channels.insert(tx, appId, channel);
      return { answer: saved(channel, before), subject: channel.id, before: null, after: channel };
    });
  }

  async page(appId: AppId, slice: Slice): Promise<ChannelView[]> {
    return (await this.channels.page(appId, slice)).map(channelView);
  }

  async get(appId: AppId, id: string): Promise<ChannelView> {
    return channelView(named(id, await this.channels.all(appId)));
  }

  /** Running sessions keep the load they were queued with. */
  async patch(appId: AppId, id: string, { queueId, ...wish }: ChannelPatch, asked: Asked): Promise<ChannelView> {
    requireFloors(askedTimes(wish), this.config);
    return this.change.run(appId, asked, { action: 'serviceChannel.update' }, async (tx, before) => {
      const all = await this.channels.all(appId, tx);
      const known = named(id, all);
      const channel: ChannelRecord = {
        ...known,
        ...wish,
        ...(queueId !== undefined && { queueId: queueId as QueueId | null }),
      };
      const others = all.filter((one) => one.id !== known.id);
      refuseChannel(channel, others, before);
      await this.channels.update(tx, appId, channel);
      return { answer: saved(channel, before), subject: channel.id, before: known, after: channel };
    });
  }

  /** Conversations that were on it are on the app's default channel from then on. */
  async remove(appId: AppId, id: string, asked: Asked): Promise<void> {
    await this.change.run(appId, asked, { action: 'serviceChannel.delete' }, async (tx) => {
      const channel = named(id, await this.channels.all(appId, tx));
      await this.channels.remove(tx, appId, channel.id);
      return { answer: null, subject: channel.id, before: channel, after: null };
    });
  }
}

function named(id: string, channels: readonly ChannelRecord[]): ChannelRecord {
  const channel = channels.find((one) => one.id === id);
  if (!channel) throw channelNotFound();
  return channel;
}

/** With what the settings of its app do on it beside what was asked. */
function saved(channel: ChannelRecord, { settings }: AppConfiguration): ChannelView {
  const view = channelView(channel);
  return { ...view, warnings: [...view.warnings, ...warningsOn(settings, { ...channel, can: view.capabilities })] };
}
