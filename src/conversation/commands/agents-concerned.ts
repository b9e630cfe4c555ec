import { agentOf, type Agent } from '../../agents/index.js';
import type { AgentId, AppId, ConversationId } from '../../kernel/index.js';
import type { Row } from '../../ledger/index.js';
import { offeredAgent, type ConversationCommand } from '../core/index.js';
import type { Held } from './held.store.js';
import type { ConversationRequest } from './request.js';

/** They end no session, or none that an agent had. */
const OF_EVERY_SECOND: ReadonlySet<ConversationCommand['type']> = new Set([
  'receiveMessage',
  'sendMessage',
  'recordPostback',
  'recordRead',
]);

/** Agents that these commands may change or ask about: those they name, the owners, and whoever has an offer. */
export function agentsConcerned(
  requests: readonly ConversationRequest[],
  held: ReadonlyMap<ConversationId, Held>,
): readonly AgentId[] {
  const ids = new Set<AgentId>();
  for (const { command } of requests) {
    if ('by' in command && command.by.type === 'agent') ids.add(command.by.agentId);
    if ('agentId' in command && command.agentId !== null) ids.add(command.agentId);
    if (command.type === 'transferSession' && command.to.type === 'agent') ids.add(command.to.agentId);
  }
  for (const { target, command } of requests) {
    const last = command.type === 'setTicket' ? held.get(target)?.state.session?.human?.lastAgent : null;
    if (last) ids.add(last);
    if (!OF_EVERY_SECOND.has(command.type)) for (const id of takenPart(held.get(target))) ids.add(id);
  }
  for (const { state } of held.values()) {
    const owner = state.session?.human?.owner;
    if (owner) ids.add(owner);
    const offered = offeredAgent(state.session);
    if (offered) ids.add(offered);
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

/** Whoever had the session and may have its tab open still, for its end tells what became of each. */
function takenPart(held: Held | undefined): readonly AgentId[] {
  const session = held?.state.session;
  if (!session || 'endedAt' in session) return [];
  return (session.human?.participants ?? []).flatMap(({ agentId, role }) => (role === 'agent' ? [agentId] : []));
}
