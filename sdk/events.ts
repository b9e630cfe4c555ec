import type {
  AfterWorkMoved,
  AfterWorkStarted,
  AgentPresenceChanged,
  CapacityChanged,
  WorkItemClosed,
  WorkItemPaused,
  WorkItemUnpaused,
} from './agent-events.js';
import type {
  Announced,
  By,
  ControllerKind,
  EndedBy,
  EndReason,
  Load,
  Metadata,
  Origin,
  SessionStatus,
  SwitchReason,
} from './announced.js';
import type { CloudEvent } from './envelope.js';
import type { SessionEnded } from './session-ended.js';
import type { CsatAnswered, SurveyPosted } from './surveys.js';

/**
 * Everything Switchboard announces, by name (`<noun>.<verb>`). Events carry ids and facts, never message bodies.
 *
 * Every event of a conversation is announced and `seq` has no gaps, so a consumer of all of them can prove that it
 * missed none. Fields and names are added over time: ignore what you do not know.
 */
export interface SwitchboardEvents {
  'conversation.created': ConversationCreated;
  'conversation.changed': ConversationChanged;
  'conversation.read': ConversationRead;
  'conversation.closed': ConversationClosed;
  'conversation.removed': ConversationRemoved;
  'participant.joined': ParticipantJoined;
  'participant.left': ParticipantLeft;
  'message.received': MessageReceived;
  'message.sent': MessageSent;
  'message.noted': MessageNoted;
  'message.removed': MessageRemoved;
  'postback.received': PostbackReceived;
  'control.assigned': ControlAssigned;
  'control.passed': ControlPassed;
  'control.offered': ControlOffered;
  'control.accepted': ControlAccepted;
  'control.declined': ControlDeclined;
  'control.expired': ControlExpired;
  'control.released': ControlReleased;
  'control.removed': ControlRemoved;
  'control.failed': ControlFailed;
  'control.holder_failed': ControlHolderFailed;
  'control.reply_overdue': ControlReplyOverdue;
  'control.offers_exhausted': ControlOffersExhausted;
  'session.started': SessionStarted;
  'session.consent_requested': SessionConsentRequested;
  'session.consent_given': SessionConsent;
  'session.consent_refused': SessionConsent;
  'session.state_changed': SessionStateChanged;
  'session.queue_overflowed': SessionQueueOverflowed;
  'session.inactivated': SessionInactivated;
  'session.reactivated': SessionReactivated;
  'session.reminder_sent': SessionReminderSent;
  'work_item.offered': WorkItemOffered;
  'work_item.declined': WorkItemDeclined;
  'work_item.opened': WorkItemOpened;
  'work_item.transferred': WorkItemTransferred;
  'work_item.idled': WorkItemIdled;
  'work_item.paused': WorkItemPaused;
  'work_item.unpaused': WorkItemUnpaused;
  'work_item.closed': WorkItemClosed;
  'capacity.changed': CapacityChanged;
  'after_work.started': AfterWorkStarted;
  'after_work.moved': AfterWorkMoved;
  'agent.presence_changed': AgentPresenceChanged;
  'ticket.changed': TicketChanged;
  'survey.posted': SurveyPosted;
  'csat.answered': CsatAnswered;
  'session.end_requested': SessionEndRequested;
  'session.ending': SessionEnding;
  'session.ended': SessionEnded;
  'stream.restored': StreamRestored;
}

export type EventName = keyof SwitchboardEvents;

/** One announced event; without a name, the union of all, told apart by `type`. */
export type SwitchboardEvent<Name extends EventName = EventName> = {
  [N in Name]: CloudEvent<`switchboard.v1.${N}`, SwitchboardEvents[N]>;
}[Name];

export interface ConversationCreated extends Announced {
  readonly by: By;
}
export interface ConversationChanged extends Announced {
  readonly by: By;
}
export interface ConversationRead extends Announced {
  /** The end user who read; `null`: somebody of the business. */
  readonly userId: string | null;
  readonly by: By;
}
/** The end user can write no longer: the session is over and the app does not reopen conversations. */
export interface ConversationClosed extends Announced {}
export interface ConversationRemoved extends Announced {
  readonly by: By;
}

/** A user came into a group, an agent took over a session, or a supervisor came to observe it. */
export interface ParticipantJoined extends Announced {
  readonly role: 'end_user' | 'agent' | 'supervisor';
  /** The end user. */
  readonly userId: string | null;
  /** The agent or supervisor. */
  readonly agentId: string | null;
  /** The session that the agent joined. */
  readonly sessionId: string | null;
  readonly by: By | null;
}
export interface ParticipantLeft extends Announced {
  readonly role: 'end_user' | 'agent' | 'supervisor';
  readonly userId: string | null;
  readonly agentId: string | null;
  readonly sessionId: string | null;
  /** Why an agent left; `null` for end users. */
  readonly why:
    | 'ended'
    | 'tab_closed'
    | 'transferred'
    | 'agent_offline'
    | 'inactive'
    | 'returned'
    | 'rerouted'
    | 'removed'
    | null;
  readonly by: By | null;
}

export interface MessageReceived extends Announced {
  readonly messageId: string;
  readonly userId: string;
  readonly by: By;
}
export interface MessageSent extends Announced {
  readonly messageId: string;
  /** The switchboard integration that sent it; `null` for app keys and integrations that are not linked. */
  readonly sender: string | null;
  readonly senderKind: ControllerKind | null;
  /** The agent of the agent workspace who wrote it. */
  readonly agentId: string | null;
  /** Sent without holding control and let through by the switchboard's `controlEnforcement`. */
  readonly outOfTurn: boolean;
  readonly by: By;
}
/** The note that ends a transcript. */
export interface MessageNoted extends Announced {
  readonly messageId: string;
  readonly sessionId: string;
}
export interface MessageRemoved extends Announced {
  /** `null`: all messages of the conversation. */
  readonly messageId: string | null;
  readonly count: number;
  readonly by: By;
}
export interface PostbackReceived extends Announced {
  readonly userId: string;
  readonly by: By;
}

/** The default responder got control, because somebody was active and nobody held it. */
export interface ControlAssigned extends Announced {
  readonly to: string;
  readonly kind: ControllerKind;
  /** It is an agent workspace: an agent has yet to come. */
  readonly queued: boolean;
}
export interface ControlPassed extends Announced {
  readonly from: string | null;
  readonly to: string;
  readonly kind: ControllerKind;
  readonly queued: boolean;
  /** The integration whose offer this made void. */
  readonly voided: string | null;
  readonly metadata: Metadata | null;
  readonly reason: SwitchReason | null;
  readonly cause: 'command' | 'sessionEnd' | 'holderDead';
  readonly by: By;
}
export interface ControlOffered extends Announced {
  /** Keeps control until the offer is accepted. */
  readonly active: string | null;
  readonly to: string;
  readonly voided: string | null;
  /** @format date-time */
  readonly expiresAt: string | null;
  readonly metadata: Metadata | null;
  /** Who is invited in turn when this one declines, lets the deadline pass or cannot be reached. */
  readonly fallback: readonly string[];
  readonly by: By;
}
export interface ControlAccepted extends Announced {
  readonly from: string | null;
  readonly to: string;
  readonly kind: ControllerKind;
  readonly queued: boolean;
  readonly metadata: Metadata | null;
  readonly by: By;
}
export interface ControlDeclined extends Announced {
  readonly pending: string;
  readonly metadata: Metadata | null;
  readonly by: By;
}
export interface ControlExpired extends Announced {
  readonly pending: string;
  /** `seq` of the event that made the offer. */
  readonly offerSeq: number;
}
export interface ControlReleased extends Announced {
  readonly from: string | null;
  readonly voided: string | null;
  readonly metadata: Metadata | null;
  readonly reason: SwitchReason | null;
  readonly cause: 'command' | 'sessionEnd' | 'endingExpired' | 'holderDead';
  readonly by: By;
}
/** The holder or the invited one was deleted from the switchboard. */
export interface ControlRemoved extends Announced {
  readonly active: string | null;
  readonly pending: string | null;
}
export interface ControlFailed extends Announced {
  readonly action: 'pass' | 'offer' | 'accept' | 'decline' | 'release';
  readonly code: 'switchboard_invalid_target' | 'switchboard_invalid_action';
  readonly message: string;
  readonly metadata: Metadata | null;
  readonly by: By;
}

/** The holder, or whoever was invited, is dead or too slow; what follows from it is announced behind this. */
export interface ControlHolderFailed extends Announced {
  readonly holder: string;
  readonly role: 'active' | 'pending';
  /** It did not take what it was sent, or did not answer the end user, within its deadline. */
  readonly why: 'undeliverable' | 'reply_overdue';
  /** What the end user was told; `null`: nothing. */
  readonly messageId: string | null;
}
/** The end user waits for an answer longer than the holder may take; control moves only where it is set to. */
export interface ControlReplyOverdue extends Announced {
  readonly holder: string;
  /** @format date-time */
  readonly owedSince: string;
}
/** Nobody of the chain of an offer took over; the holder keeps control. */
export interface ControlOffersExhausted extends Announced {
  readonly active: string | null;
  /** Who was invited last, and what came of it. */
  readonly last: string;
  readonly why: 'declined' | 'expired' | 'dead';
}

export interface SessionStarted extends Announced {
  readonly sessionId: string;
  /** `null`: the business wrote first, in a group. */
  readonly userId: string | null;
  readonly origin: Origin;
  /** The service channel; `null`: the app's usual one. */
  readonly channelId: string | null;
  /** The agent who wrote first. */
  readonly agentId: string | null;
  /** Of whoever holds control as the session begins; `null` when nobody does, or an agent workspace. */
  readonly holderKind: ControllerKind | null;
}
/** The end user was asked whether they want to be written to. */
export interface SessionConsentRequested extends Announced {
  readonly sessionId: string;
  readonly messageId: string;
}
export interface SessionConsent extends Announced {
  readonly sessionId: string;
  readonly by: By;
}
/** A session began to wait for an agent, or waits no longer without one having come. */
export interface SessionStateChanged extends Announced {
  readonly sessionId: string;
  readonly from: SessionStatus;
  readonly to: 'WAITING' | 'ACTIVE';
  readonly reason:
    | 'escalated'
    | 'started'
    | 'answered'
    | 'agent_offline'
    | 'transferred'
    | 'reactivated'
    | 'rerouted'
    | 'overflow'
    | 'control_moved';
  /** Where it waits. */
  readonly queueId: string | null;
  /** Its place in line: when a human was first asked for. @format date-time */
  readonly requestedAt: string | null;
  readonly skills: readonly string[];
  readonly preferredAgentId: string | null;
  readonly load: Load | null;
}
/** Nobody came in time and there is nowhere else to go: the session goes on waiting. */
export interface SessionQueueOverflowed extends Announced {
  readonly sessionId: string;
  readonly queueId: string | null;
}
export interface SessionInactivated extends Announced {
  readonly sessionId: string;
  readonly inactivatedBy: EndedBy;
  /** Under status-based capacity the agent keeps it. */
  readonly owner: string | null;
}
export interface SessionReactivated extends Announced {
  readonly sessionId: string;
  readonly owner: string | null;
}
export interface SessionReminderSent extends Announced {
  readonly sessionId: string;
  /** Whose silence it is about. */
  readonly about: 'customer' | 'agent';
  readonly kind: 'reminder' | 'warning';
  /** @minimum 1 */
  readonly number: number;
  /** What the conversation was told; `null`: nothing. */
  readonly messageId: string | null;
}

/** An agent is asked; the capacity it takes is reserved until they answer. */
export interface WorkItemOffered extends Announced {
  readonly workItemId: string;
  readonly sessionId: string;
  readonly agentId: string;
  readonly queueId: string | null;
  /** @format date-time */
  readonly expiresAt: string | null;
  /** To a colleague of the owner, who stays until it is accepted. */
  readonly transfer: boolean;
  readonly load: Load;
}
export interface WorkItemDeclined extends Announced {
  readonly workItemId: string;
  readonly sessionId: string;
  readonly agentId: string;
  readonly why: 'declined' | 'timed_out' | 'unavailable' | 'canceled';
}
export interface WorkItemOpened extends Announced {
  readonly workItemId: string;
  readonly sessionId: string;
  readonly agentId: string;
  readonly queueId: string | null;
  /** `assigned`: by hand; `answered`: the customer answered the agent who began. */
  readonly how: 'accepted' | 'assigned' | 'answered';
  readonly load: Load;
}
export interface WorkItemTransferred extends Announced {
  readonly workItemId: string;
  readonly sessionId: string;
  readonly agentId: string;
}
/** The customer has been silent for ten minutes, or is back: the agent's bucket counts it otherwise from now on. */
export interface WorkItemIdled extends Announced {
  readonly workItemId: string;
  readonly sessionId: string;
  readonly agentId: string;
  readonly idle: boolean;
}
/** What an external ticket system says of the session's ticket. */
export interface TicketChanged extends Announced {
  readonly sessionId: string;
  readonly ticketId: string;
  readonly status: 'new' | 'open' | 'pending' | 'hold' | 'solved' | 'closed';
}
export interface SessionEndRequested extends Announced {
  readonly sessionId: string;
  readonly endedBy: EndedBy;
  readonly endReason: EndReason;
  /** @format date-time */
  readonly endRequestedAt: string;
}
/** A post-end integration holds control; the session ends when it releases, or at the deadline. */
export interface SessionEnding extends Announced {
  readonly sessionId: string;
  readonly postEnd: {
    readonly integrationId: string;
    /** @format date-time */
    readonly startedAt: string;
    /** @format date-time */
    readonly deadline: string | null;
  };
}

/**
 * The stream had gone back (a lost disk, an older copy), and what it had lost is published again, with the same ids.
 * Durable consumers that are not made anew now miss what lies under the numbers they have passed: the kit's are.
 */
export interface StreamRestored {
  readonly schemaVersion: 1;
  readonly stream: string;
  /** Rises by one each time; the stream's description says it too. @minimum 1 */
  readonly generation: number;
  /** When the stream that is there now was created, as NATS tells it. @format date-time */
  readonly createdAt: string;
  /** The stream holds what it held up to this number. @minimum 0 */
  readonly survivedSeq: number;
  /** Events that it had lost. @minimum 0 */
  readonly republished: number;
}
