import type { Millis, SessionId, SwitchboardIntegrationId } from '../../kernel/index.js';
import type { ControllerKind, EndActor } from './world.js';

/**
 * One live engagement inside a conversation (`sessions.md` 2.1). It begins with the end user's first message.
 *
 * ACTIVE says nothing about who holds control: that is `Control`, unheld included. NEW, CONSENT, WAITING and INACTIVE
 * come with queues and timers and will be further members of this union.
 */
export type Session = ActiveSession | EndingSession | OverSession;

interface SessionFacts {
  readonly id: SessionId;
  readonly startedAt: Millis;
  /** When a switchboard integration of kind `agent` first held control; `null`: no human ever did. */
  readonly acceptedAt: Millis | null;
  /** The kinds that held control during the session, in the order they first did; a post-end flow is not counted. */
  readonly handledBy: readonly ControllerKind[];
  readonly messages: MessageCounts;
}

/** Messages of the session by who wrote them; end notes are not counted (E-20). */
export interface MessageCounts {
  readonly endUser: number;
  readonly bot: number;
  readonly agent: number;
  /** Business messages sent with an app or account key, or by an unlinked integration. */
  readonly other: number;
}

export interface ActiveSession extends SessionFacts {
  readonly status: 'ACTIVE';
}

/** The end was asked; a post-end integration holds control. Not ended yet (E-13). */
export interface EndingSession extends SessionFacts {
  readonly status: 'ENDING';
  readonly end: EndFacts;
  readonly postEnd: PostEnd;
}

/** Terminal and immutable. */
export interface OverSession extends SessionFacts {
  readonly status: 'ENDED' | 'ERROR';
  readonly end: EndFacts;
  readonly postEnd: PostEnd | null;
  readonly endedAt: Millis;
}

/** Frozen at the first end request: the first actor and reason win (`sessions.md` 2.3 steps 2 and 3). */
export interface EndFacts {
  readonly endedBy: EndedBy;
  readonly reason: EndReason;
  readonly requestedAt: Millis;
  /** The holder when the end was asked. */
  readonly controllerAtEnd: SwitchboardIntegrationId | null;
  readonly controllerKindAtEnd: ControllerKind | null;
  /** Set when `onEnd` named a target that is unknown, disabled or the holder itself, so control was released instead. */
  readonly postEndSkipped: boolean;
}

export interface EndedBy {
  readonly type: EndActor;
  /** The user, switchboard integration or key that asked; `null` for a timer. */
  readonly id: string | null;
  readonly via: EndVia;
}

export type EndVia = 'window' | 'list' | 'widget' | 'api' | 'timer' | 'automation' | 'logout';

/** The part of `sessions.md` section 4 that can happen so far. */
export type EndReason = 'end_user_ended' | 'agent_ended' | 'bot_completed' | 'automation' | 'error';

export interface PostEnd {
  readonly integrationId: SwitchboardIntegrationId;
  readonly startedAt: Millis;
  /** When the platform ends the flow by itself (`endingMax`); `null`: never. */
  readonly deadline: Millis | null;
  readonly finishedAt: Millis | null;
  /** Ended by the platform (deadline, deleted integration, removed conversation) rather than by a release. */
  readonly forced: boolean;
}
