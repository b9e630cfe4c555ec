import { Injectable } from '@nestjs/common';
import { AgentsService } from '../agents/index.js';
import { ConfigurationStore } from '../configuration/index.js';
import {
  agentActions,
  endUserActions,
  worldAt,
  type AllowedAction,
  type ConversationState,
  type EndUserAction,
} from '../conversation/index.js';
import { parseId, type AppId, type KeyId, type SessionId, type UserId } from '../kernel/index.js';
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
    return agentActions(state, worldAt(now, state, configuration, new Map([[known.agent.id, known.agent]])), by);
  }

  async ofEndUser(appId: AppId, state: ConversationState, userId: UserId): Promise<readonly EndUserAction[]> {
    const configuration = await this.configurations.current(appId);
    return endUserActions(state, worldAt(state.lastEventAt, state, configuration, new Map()), userId);
  }
}
