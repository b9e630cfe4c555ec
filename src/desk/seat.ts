import { Injectable } from '@nestjs/common';
import { AgentsService, type AgentErrand } from '../agents/index.js';
import { leads } from '../conversation/core/index.js';
import { Failure, type AgentId, type AppId } from '../kernel/index.js';
import type { AgentPrincipal, Principal } from '../tenancy/index.js';

/** Who may act here: keys for any agent, agents for themselves, supervisors and admins for those they lead too. */
export type DeskCaller = Extract<Principal, { scope: 'account' | 'app' }> | AgentPrincipal;

/** Finds whom a path names. */
@Injectable()
export class Seat {
  constructor(private readonly agents: AgentsService) {}

  /**
   * Whom the caller acts for: `me`, our id, or the business' own. What is done to an agent is done to their sessions, so
   * supervisors act for agents whom they lead. @throws Failure `forbidden`, `agent_not_found`
   */
  async of(appId: AppId, named: string, caller: DeskCaller): Promise<AgentErrand & { readonly agentId: AgentId }> {
    const found = await this.seen(appId, named, caller);
    if (caller.scope !== 'agent' || isSelf(caller, found.agentId)) return found;
    const { teams } = (await this.agents.find(appId, found.agentId)).agent.profile;
    if (leads(caller, { teams, everyTeams: false })) return found;
    throw new Failure('forbidden', 'Supervisors act for agents of their own teams.');
  }

  /** Whom the caller looks at: supervisors see all agents. @throws Failure `forbidden`, `agent_not_found` */
  async seen(appId: AppId, named: string, caller: DeskCaller): Promise<AgentErrand & { readonly agentId: AgentId }> {
    const own = caller.scope === 'agent' ? caller.agentId : null;
    const asked = named === ME && own !== null ? own : named;
    if (caller.scope === 'agent' && caller.role === 'agent' && asked !== own) {
      // A colleague's external id and one that nobody has get the same answer.
      const self = await this.agents.find(appId, caller.agentId);
      if (self.externalId !== asked) throw new Failure('forbidden', 'Forbidden');
      return { appId, agentId: caller.agentId, caller: caller.agentId, idempotency: null };
    }
    const { agent } = await this.agents.find(appId, asked);
    const by = caller.scope === 'agent' ? caller.agentId : caller.keyId;
    return { appId, agentId: agent.id, caller: by, idempotency: null };
  }
}

const ME = 'me';

export const isSelf = (caller: DeskCaller, agentId: AgentId): boolean =>
  caller.scope === 'agent' && caller.agentId === agentId;
