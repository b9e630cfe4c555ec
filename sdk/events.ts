import type { Announced, By, ControllerKind, EndedBy, EndReason, Metadata, SwitchReason } from './announced.js';
import type { CloudEvent } from './envelope.js';
import type { SessionEnded } from './session-ended.js';

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
  'session.started': SessionStarted;
  'session.end_requested': SessionEndRequested;
  'session.ending': SessionEnding;
  'session.ended': SessionEnded;
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

/** A user came into a group. */
export interface ParticipantJoined extends Announced {
  readonly userId: string;
  readonly by: By;
}
export interface ParticipantLeft extends Announced {
  readonly userId: string;
  readonly by: By;
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
}
export interface ControlPassed extends Announced {
  readonly from: string | null;
  readonly to: string;
  readonly kind: ControllerKind;
  /** The integration whose offer this made void. */
  readonly voided: string | null;
  readonly metadata: Metadata | null;
  readonly reason: SwitchReason | null;
  readonly cause: 'command' | 'sessionEnd';
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
  readonly by: By;
}
export interface ControlAccepted extends Announced {
  readonly from: string | null;
  readonly to: string;
  readonly kind: ControllerKind;
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
  readonly cause: 'command' | 'sessionEnd' | 'endingExpired';
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

export interface SessionStarted extends Announced {
  readonly sessionId: string;
  readonly userId: string;
  /** Of whoever holds control as the session begins; `null` when nobody does. */
  readonly holderKind: ControllerKind | null;
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
