import { Injectable } from '@nestjs/common';
import { AgentsService, type Agent } from '../agents/index.js';
import { ConfigurationStore, type AppConfiguration } from '../configuration/index.js';
import {
  agentActions,
  endUserActions,
  type AllowedAction,
  type ConversationState,
  type EndUserAction,
  type World,
} from '../conversation/index.js';
import { parseId, type AppId, type KeyId, type Millis, type SessionId, type UserId } from '../kernel/index.js';
import { newId } from '../platform/ids.js';
import { SessionActionsQuery } from './session-actions.query.js';

/** What may be done with a session now: the same guards as for doing it, on what was committed last. */
@Injectable()
export class SessionActions {
  constructor(
    private readonly moments: SessionActionsQuery,
    private readonly agents: AgentsService,
    private readonly configurations: ConfigurationStore,
  ) {}

  async ofAgent(appId: AppId, session: string, agent: string, keyId: string): Promise<readonly AllowedAction[]> {
    const id = parseId<SessionId>(session);
    const [{ state, now }, known, configuration] = await Promise.all([
      this.moments.moment(appId, id),
      this.agents.find(appId, agent),
      this.configurations.current(appId),
    ]);
    if (state.session?.id !== id) return [];
    const by = { type: 'agent', agentId: known.agent.id, keyId: keyId as KeyId } as const;
    return agentActions(state, worldAt(now, state, configuration, [known.agent]), by);
  }

  async ofEndUser(appId: AppId, state: ConversationState, userId: UserId): Promise<readonly EndUserAction[]> {
    const configuration = await this.configurations.current(appId);
    return endUserActions(state, worldAt(state.lastEventAt, state, configuration, []), userId);
  }
}

function worldAt(
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
