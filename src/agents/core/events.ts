import type { ConversationId, Millis, SessionId, WorkItemId } from '../../kernel/index.js';
import type { Agent, PresenceStatus, WorkChange } from './agent.js';
import type { Capacity } from './capacity.js';

interface OfWork {
  readonly workItemId: WorkItemId;
  readonly sessionId: SessionId;
  readonly conversationId: ConversationId;
}

/**
 * What happened to an agent. Each has a number of the agent's own, without gaps and without order among the events of
 * conversations (`docs/rules.md` 2.3 step 9).
 */
export type AgentEvent =
  | { readonly type: 'capacityChanged'; readonly capacity: Capacity; readonly cause: CapacityCause }
  | ({ readonly type: 'workItemPaused' } & OfWork)
  | ({ readonly type: 'workItemUnpaused' } & OfWork)
  | ({ readonly type: 'workItemClosed'; readonly why: WorkEnd } & OfWork)
  /** It holds the agent's capacity until then, unless they are done sooner (K-10). */
  | ({ readonly type: 'afterWorkStarted'; readonly until: Millis } & OfWork)
  /** More time was asked for, or a logout left only a minute. */
  | ({ readonly type: 'afterWorkMoved'; readonly until: Millis; readonly extensions: number } & OfWork)
  | {
      readonly type: 'presenceChanged';
      readonly status: PresenceStatus;
      readonly loggedIn: boolean;
      readonly graceUntil: Millis | null;
      readonly cause: PresenceCause;
    };

export type AgentEventType = AgentEvent['type'];

/** Why an item left the agent's list. */
export type WorkEnd =
  | 'declined'
  | 'timed_out'
  | 'unavailable'
  | 'canceled'
  | 'inactive'
  | 'offline'
  | 'returned'
  | 'transferred'
  | 'ended'
  | 'tab_closed'
  | 'after_work_over'
  | 'logout'
  | 'ticket_solved';

export type CapacityCause = WorkChange['type'] | 'tab_closed' | 'after_work' | 'profile' | 'presence';

/** Why an agent's presence is another one; all that put them offline do the same (M-11). */
export type PresenceCause =
  | 'login'
  | 'chosen'
  | 'supervisor'
  | 'maintenance'
  | 'deactivated'
  | 'duplicate_login'
  | 'logout'
  | 'connection_lost'
  | 'connection_back'
  | 'grace_over';

/** The agent after a change, with its events; the first has the number `seq` + 1 of the agent before. */
export interface AgentDecision {
  readonly agent: Agent;
  readonly events: readonly AgentEvent[];
}
