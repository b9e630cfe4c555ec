import type { Agent } from '../agents/core/index.js';
import type { AppConfiguration } from '../configuration/index.js';
import type { Millis } from '../kernel/index.js';
import { newId } from '../platform/ids.js';
import type { ConversationState, World } from './core/index.js';

/** What a decision would know, for trying out what may be done; the command itself is decided under the lock. */
export function worldAt(
  now: Millis,
  { channelId }: ConversationState,
  { switchboard, settings, queues, channels, defaultChannel }: AppConfiguration,
  agents: readonly Agent[],
): World {
  return {
    now,
    ids: { session: newId(), note: newId(), notice: newId(), workItem: newId() },
    switchboard,
    settings,
    channel: (channelId !== null && channels.get(channelId)) || defaultChannel,
    queues,
    agents: new Map(agents.map((agent) => [agent.id, agent])),
  };
}
