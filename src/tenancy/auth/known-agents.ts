import { Injectable } from '@nestjs/common';
import { AgentsStore, type KnownAgent } from './agents.store.js';
import { Fresh } from './fresh.js';
import type { AgentCredential, AgentPrincipal } from './principal.js';

/**
 * Whether a named agent is there and active, with which role and teams: one that was deactivated or given others
 * anywhere is treated so everywhere within four seconds.
 */
@Injectable()
export class KnownAgents {
  readonly #agents: Fresh<KnownAgent>;

  constructor(agents: AgentsStore) {
    this.#agents = new Fresh((key) => {
      const [appId, names] = JSON.parse(key) as [string, AgentCredential['names']];
      return agents.active(appId, names);
    });
  }

  /** `null`: nobody active is named so. */
  principalOf({ keyId, appId, names }: AgentCredential): AgentPrincipal | null | Promise<AgentPrincipal | null> {
    const known = this.#agents.find(JSON.stringify([appId, names]));
    const of = (agent: KnownAgent | null): AgentPrincipal | null =>
      agent && { scope: 'agent', keyId, appId, agentId: agent.id, role: agent.role, teams: agent.teams };
    return known instanceof Promise ? known.then(of) : of(known);
  }

  /** After this process changed the role, the teams, the activity or the external id of an agent: the next request reads anew. */
  forget(agentId: string): void {
    this.#agents.forgetWhere(({ id }) => id === agentId);
  }
}
