import type { Announced, By, ControllerKind, EndedBy, EndReason, Load, Origin, SessionStatus } from './announced.js';

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
    | 'queue_removed'
    | 'control_moved';
  /** Where it waits. */
  readonly queueId: string | null;
  /** Its place in line: when a human was first asked for. @format date-time */
  readonly requestedAt: string | null;
  readonly skills: readonly string[];
  readonly preferredAgentId: string | null;
  readonly load: Load | null;
  /** Who sent it there; `null`: it followed from something else. */
  readonly by: By | null;
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
