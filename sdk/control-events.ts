import type { Announced, By, ControllerKind, Metadata, ReleaseReason, SwitchReason } from './announced.js';

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
  readonly cause: 'command' | 'sessionEnd' | 'holderDead' | 'loopStopped';
  /** Until when `from`, who gave control away by itself, may still say a word. @format date-time */
  readonly partingUntil: string | null;
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
  /** The holder itself invites. */
  readonly byHolder: boolean;
  readonly by: By;
}
export interface ControlAccepted extends Announced {
  readonly from: string | null;
  readonly to: string;
  readonly kind: ControllerKind;
  readonly queued: boolean;
  readonly metadata: Metadata | null;
  /** Until when `from`, whose own offer it was, may still say a word. @format date-time */
  readonly partingUntil: string | null;
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
  readonly reason: ReleaseReason | null;
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
/** Integrations handed control around and nobody said a word; what is done about it is announced behind this. */
export interface ControlLoopStopped extends Announced {
  /** Who had control, or was to get it, since the last message. */
  readonly between: readonly string[];
  /** @minimum 0 */
  readonly handOffs: number;
  /** Who has control now. */
  readonly to: string | null;
}
