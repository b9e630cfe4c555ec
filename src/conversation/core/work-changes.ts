import type { WorkChange } from '../../agents/core/index.js';
import type { AgentId, ConversationId } from '../../kernel/index.js';
import type { ConversationEvent } from './events.js';
import type { EndedBy } from './session.js';
import type { ConversationState } from './state.js';
import type { World } from './world.js';

/** What one event of a conversation does to an agent's work (`docs/rules.md` 3.3, 3.4). */
export interface AgentChange {
  readonly agentId: AgentId;
  readonly change: WorkChange;
}

const none: readonly AgentChange[] = [];

/** `before`: the conversation as the event found it; `treatAs`: how a ticket counts once its session is over. */
export function workChanges(
  before: ConversationState,
  event: ConversationEvent,
  conversationId: ConversationId,
  treatAs: 'messaging' | 'email',
): readonly AgentChange[] {
  switch (event.type) {
    case 'workOffered': {
      const { agentId, workItemId, sessionId, queueId, load } = event;
      return one(agentId, { type: 'offered', workItemId, sessionId, conversationId, queueId, load });
    }
    case 'workDeclined':
      return one(event.agentId, { type: 'withdrawn', workItemId: event.workItemId, why: event.why });
    case 'workOpened':
      return opened(before, event, conversationId);
    case 'workIdled':
      return one(event.agentId, { type: event.idle ? 'idled' : 'revived', workItemId: event.workItemId });
    case 'sessionStarted':
      return event.agentId === null ? none : one(event.agentId, { type: 'startedOutbound' });
    case 'ticketChanged':
      return ticketed(before, event);
    case 'workTransferred':
      return one(event.agentId, { type: 'transferred', workItemId: event.workItemId });
    case 'agentLeft':
      return event.role === 'agent' ? left(before, event, treatAs) : none;
    case 'sessionInactivated':
      return kept(before, event.owner, 'paused');
    case 'sessionReactivated':
      return kept(before, event.owner, 'unpaused');
    default:
      return none;
  }
}

type Event<Type extends ConversationEvent['type']> = Extract<ConversationEvent, { type: Type }>;

/** Work that nobody was asked about: by hand it never counts (K-2), as an answer to the agent's own it does (K-9). */
function opened(
  before: ConversationState,
  event: Event<'workOpened'>,
  conversationId: ConversationId,
): readonly AgentChange[] {
  const { how, agentId, workItemId, sessionId, queueId, load } = event;
  if (how === 'accepted') return one(agentId, { type: 'opened', workItemId });
  const work = { workItemId, sessionId, conversationId, queueId, load };
  if (how === 'answered') return one(agentId, { type: 'answered', ...work });
  return one(agentId, { type: 'assigned', ...work, routed: before.session?.human?.routed ?? false });
}

/** Also of a session that is over: its work may be open still. */
function ticketed({ session }: ConversationState, { ticket }: Event<'ticketChanged'>): readonly AgentChange[] {
  const last = session?.human?.participants.findLast(({ role }) => role === 'agent');
  if (!last || last.workItemId === null) return none;
  return one(last.agentId, { type: 'ticketed', workItemId: last.workItemId, ticket });
}

function left(
  before: ConversationState,
  { agentId, why }: Event<'agentLeft'>,
  treatAs: 'messaging' | 'email',
): readonly AgentChange[] {
  const workItemId = before.session?.human?.workItemId ?? null;
  if (workItemId === null) return none;
  switch (why) {
    case 'transferred':
      return none;
    case 'agent_offline':
      return one(agentId, { type: 'left', workItemId, why: 'offline' });
    case 'inactive':
      return one(agentId, { type: 'left', workItemId, why: 'inactive' });
    case 'returned':
    case 'rerouted':
      return one(agentId, { type: 'left', workItemId, why: 'returned' });
    case 'ended':
    case 'tab_closed':
    case 'agent_logout':
    case 'removed':
      return one(agentId, { type: 'ended', workItemId, closeTab: why !== 'ended', treatAs });
  }
}

/** How the work of a session counts that ends in these events. */
export const treatedAs = (events: readonly ConversationEvent[], world: World): 'messaging' | 'email' =>
  countsAs(events.find((event) => event.type === 'sessionEndRequested')?.end.endedBy ?? null, world);

/** Only an end by an agent, or by an automation, can make a ticket count as e-mail (`docs/rules.md` 3.6). */
export function countsAs(by: EndedBy | null, world: World): 'messaging' | 'email' {
  const counts = by?.type === 'agent' || (by?.type === 'system' && by.via === 'automation');
  return counts ? world.channel.agentEndedAs : 'messaging';
}

/** Under status-based capacity the agent keeps a session that rests. */
function kept(before: ConversationState, owner: AgentId | null, type: 'paused' | 'unpaused'): readonly AgentChange[] {
  const workItemId = before.session?.human?.workItemId ?? null;
  return owner === null || workItemId === null ? none : one(owner, { type, workItemId });
}

const one = (agentId: AgentId, change: WorkChange): readonly AgentChange[] => [{ agentId, change }];
