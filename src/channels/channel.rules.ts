import type { AppConfiguration, AskedTime } from '../configuration/index.js';
import { capabilitiesOf } from '../conversation/core/index.js';
import { Failure } from '../kernel/index.js';
import type { ChannelRecord } from './channel-record.js';

/** They are read with every configuration of the app. */
export const MOST_CHANNELS = 100;

/** Kinds with a standard tier (`docs/rules.md` 0.2). */
const STANDARD: readonly ChannelRecord['kind'][] = ['facebook', 'sms'];

/**
 * What must hold of a channel by itself and beside the app's queues and other channels; it may be new or changed.
 *
 * @throws Failure `conflict` for a name that is taken, `unprocessable` naming the field for the rest (I-11)
 */
export function refuseChannel(
  channel: ChannelRecord,
  others: readonly Pick<ChannelRecord, 'name'>[],
  { queues }: Pick<AppConfiguration, 'queues'>,
): void {
  const { kind, tier } = channel;
  if (others.some(({ name }) => name === channel.name))
    throw new Failure('conflict', `There is a service channel named '${channel.name}' already`);
  if (tier === 'standard' && !STANDARD.includes(kind)) throw refused(`tier: ${kind} channels are enhanced`);
  if (channel.customerInactivitySeconds !== null && !capabilitiesOf(kind, tier).inactivityTimeout)
    throw refused(`customerInactivitySeconds: sessions of ${tier} ${kind} channels have no inactivity time-out`);
  if (channel.pausedWeight > 0 && channel.capacityModel !== 'status_based')
    throw refused('pausedWeight needs capacityModel to be status_based');
  if (channel.queueId !== null && !queues.some(({ id }) => id === channel.queueId))
    throw refused('queueId: the app has no such queue');
}

/** The times that a body asks for. */
export const askedTimes = ({
  customerInactivitySeconds,
  noResponseSeconds,
  afterWork,
}: Partial<
  Pick<ChannelRecord, 'customerInactivitySeconds' | 'noResponseSeconds' | 'afterWork'>
>): readonly AskedTime[] => [
  ['customerInactivitySeconds', customerInactivitySeconds, 'customerInactivity'],
  ['noResponseSeconds', noResponseSeconds, 'usual'],
  ['afterWork.seconds', afterWork?.seconds, 'short'],
  ['afterWork.extensionSeconds', afterWork?.extensionSeconds, 'short'],
];

export function channelNotFound(): Failure {
  return new Failure('channel_not_found', 'Service channel not found');
}

function refused(title: string): Failure {
  return new Failure('unprocessable', title);
}
