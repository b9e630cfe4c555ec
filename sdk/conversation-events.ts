import type { Announced, By, ControllerKind } from './announced.js';

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
    | 'agent_logout'
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
  /** The message of type `form` that it answers; absent: it answers none. */
  readonly formId?: string;
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
  /** The word of an integration that had just given control away by itself. */
  readonly parting: boolean;
  readonly by: By;
}
/** A note of the platform itself: the one that ends a transcript, or what became of the ticket. */
export interface MessageNoted extends Announced {
  readonly messageId: string;
  /** `null`: there was no session. */
  readonly sessionId: string | null;
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
