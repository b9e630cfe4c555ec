import type { AgentId, ConversationId } from '../../kernel/index.js';
import { offeredAgent } from '../core/index.js';
import type { Held } from './held.store.js';
import type { ConversationRequest } from './request.js';

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
  }
  for (const { state } of held.values()) {
    const owner = state.session?.human?.owner;
    if (owner) ids.add(owner);
    const offered = offeredAgent(state.session);
    if (offered) ids.add(offered);
  }
  return [...ids];
}
