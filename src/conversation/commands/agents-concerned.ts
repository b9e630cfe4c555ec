import { agentOf, type Agent } from '../../agents/index.js';
import type { AgentId, AppId, ConversationId } from '../../kernel/index.js';
import type { Row } from '../../ledger/index.js';
import { agentsConcernedBy, initialState } from '../core/index.js';
import type { Held } from './held.store.js';
import type { ConversationRequest } from './request.js';

/** Agents that these commands may change or ask about; of a conversation that is not there, those they name. */
export function agentsConcerned(
  requests: readonly ConversationRequest[],
  held: ReadonlyMap<ConversationId, Held>,
): readonly AgentId[] {
  const ids = new Set<AgentId>();
  for (const { target, command } of requests) {
    for (const id of agentsConcernedBy(held.get(target)?.state ?? initialState, command)) ids.add(id);
  }
  return [...ids];
}

/** Locked rows of agents; each command's world has those of its own app alone. */
export function agentsByApp(rows: readonly Row[]): ReadonlyMap<AppId, Map<AgentId, Agent>> {
  const byApp = new Map<AppId, Map<AgentId, Agent>>();
  for (const row of rows) {
    const appId = row['app_id'] as AppId;
    const agent = agentOf(row);
    const known = byApp.get(appId);
    if (known) known.set(agent.id, agent);
    else byApp.set(appId, new Map([[agent.id, agent]]));
  }
  return byApp;
}
