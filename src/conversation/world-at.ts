import type { AppConfiguration } from '../configuration/index.js';
import type { Millis } from '../kernel/index.js';
import { newId } from '../platform/ids.js';
import type { ConversationState, World } from './core/index.js';

/** What a decision knows: of a command under the lock, and of one that is tried out to see what may be done. */
export function worldAt(
  now: Millis,
  { channelId, lastEventAt }: Pick<ConversationState, 'channelId' | 'lastEventAt'>,
  { switchboard, settings, queues, channels, defaultChannel }: AppConfiguration,
  agents: World['agents'],
): World {
  return {
    now: Math.max(now, lastEventAt),
    ids: { session: newId(), note: newId(), notice: newId(), workItem: newId() },
    switchboard,
    settings,
    channel: (channelId !== null && channels.get(channelId)) || defaultChannel,
    queues,
    agents,
  };
}
