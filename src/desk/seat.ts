import { Injectable } from '@nestjs/common';
import { AgentsService, type AgentErrand } from '../agents/index.js';
import { Failure, type AgentId, type AppId } from '../kernel/index.js';
import type { AgentPrincipal, Principal } from '../tenancy/index.js';

/** Who may act here: keys for any agent, agents for themselves, supervisors and admins for others too. */
export type DeskCaller = Extract<Principal, { scope: 'account' | 'app' }> | AgentPrincipal;

/** Finds whom a path names. */
@Injectable()
export class Seat {
  constructor(private readonly agents: AgentsService) {}

  /** `me`, our id, or the business' own. @throws Failure `forbidden`, `agent_not_found` */
  async of(appId: AppId, named: string, caller: DeskCaller): Promise<AgentErrand & { readonly agentId: AgentId }> {
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
