import type { Ticket } from '../../agents/core/index.js';
import type { AgentId, MessageId, QueueId, UserId, WorkItemId } from '../../kernel/index.js';
import type { Actor } from './actor.js';
import type { EndReason, EndVia } from './session.js';
import type { SessionWait } from './waits.js';

export interface RequestEnd {
  readonly type: 'requestEnd';
  readonly by: Actor;
  readonly via: EndVia;
  /** In a list: the menu of one row, or several selected (M-9, M-10). */
  readonly list: 'row' | 'bulk' | null;
  /** `null`: derived from who ends (`docs/rules.md` 4). */
  readonly reason: EndReason | null;
  /** A partner system says whether the end user acted or the system did (T31). */
  readonly actingFor: 'end_user' | null;
}

/** The business writes first (T1). `live`: sessions of this end user on this channel, counted under the user's lock. */
export interface StartSession {
  readonly type: 'startSession';
  readonly by: Actor;
  readonly messageId: MessageId;
  readonly userId: UserId | null;
  readonly live: number;
}

/** The end user agrees to be written to, or does not (T7 to T9). */
export interface RecordConsent {
  readonly type: 'recordConsent';
  readonly by: Actor;
  readonly granted: boolean;
}

/** Routing found somebody for a session that waits; refused unless it still fits under the locks. */
export interface OfferWork {
  readonly type: 'offerWork';
  readonly agentId: AgentId;
}

export interface AcceptWork {
  readonly type: 'acceptWork';
  readonly by: Actor;
  readonly workItemId: WorkItemId;
}

export interface DeclineWork {
  readonly type: 'declineWork';
  readonly by: Actor;
  readonly workItemId: WorkItemId;
}

/** A supervisor or an app gives the session to an agent who is not asked; by hand, so it never counts (K-2). */
export interface AssignSession {
  readonly type: 'assignSession';
  readonly by: Actor;
  readonly agentId: AgentId;
}

/** To a queue, to agents with certain skills, or to one agent (T17, T18); to a bot control is passed (T19). */
export interface TransferSession {
  readonly type: 'transferSession';
  readonly by: Actor;
  readonly to:
    | { readonly type: 'queue'; readonly queueId: QueueId | null; readonly skills: readonly string[] }
    | { readonly type: 'agent'; readonly agentId: AgentId };
}

/** An agent is gone; what that means for this session depends on its capacity model (M-11, M-12, T12). */
export interface DetachAgent {
  readonly type: 'detachAgent';
  readonly agentId: AgentId;
  /** Only this work of theirs, for they may be asked again meanwhile; `null`: whatever they have here. */
  readonly workItemId: WorkItemId | null;
  readonly why: 'agent_offline';
}

export interface InactivateSession {
  readonly type: 'inactivateSession';
  readonly by: Actor;
}

/** The tab of a session that lives still: the agent picks what becomes of it (T22); status-based, nothing (T23). */
export interface CloseTab {
  readonly type: 'closeTab';
  readonly by: Actor;
  readonly workItemId: WorkItemId;
  readonly choice: 'end' | 'inactivate' | null;
}

/** A supervisor comes in as an observer, or goes. */
export interface ObserveSession {
  readonly type: 'observeSession';
  readonly by: Actor;
  readonly agentId: AgentId;
  readonly present: boolean;
}

/** What an external ticket system says of the ticket of this session. */
export interface SetTicket {
  readonly type: 'setTicket';
  readonly by: Actor;
  readonly ticket: Ticket;
}

/** Routing found the queue closed or full: its overflow rule holds now (T13). A no-op in any other queue. */
export interface OverflowQueue {
  readonly type: 'overflowQueue';
  readonly queueId: QueueId;
}

/** A timer row is due. It may have been armed for earlier than the wait's end is now; then nothing happens yet. */
export interface TimerDue extends SessionWait {
  readonly type: 'timerDue';
}
