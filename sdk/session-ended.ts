import type { Announced, ControllerKind, EndedBy, EndReason } from './announced.js';

/** A session is over. Exactly one per `sessionId` at the source; delivered at least once. */
export interface SessionEnded extends Announced {
  readonly sessionId: string;
  readonly endUserId: string | null;
  readonly externalUserId: string | null;
  /** Of the user's profile, as it was given (`de`, `pt-BR`). */
  readonly locale: string | null;
  /** So far sessions begin with a message of the end user. */
  readonly origin: 'inbound';
  readonly endedBy: EndedBy;
  readonly endReason: EndReason;
  /** @format date-time */
  readonly startedAt: string;
  /** When a human desk first held control; `null`: no human ever did. @format date-time */
  readonly acceptedAt: string | null;
  /** @format date-time */
  readonly endRequestedAt: string;
  /** Later than `endRequestedAt` when a post-end flow ran. @format date-time */
  readonly endedAt: string;
  /** `system`: nobody held control during the session. */
  readonly handlerType: 'agent' | 'bot' | 'bot_to_agent' | 'system';
  /** Who was in charge when the end was asked. */
  readonly control: { readonly activeAtEnd: string | null; readonly kindAtEnd: ControllerKind | null };
  readonly postEnd: EndedPostEnd | null;
  readonly conversation: EndedConversation;
  readonly csat: CsatEligibility;
  readonly metrics: { readonly messages: MessageCounts };
  /** Explains the outcome later. */
  readonly settingsSnapshot: SettingsSnapshot;
}

/** What happened between the request and the end; all `null` with `skipped` when the flow could not begin. */
export interface EndedPostEnd {
  readonly integrationId: string | null;
  /** @format date-time */
  readonly startedAt: string | null;
  /** @format date-time */
  readonly finishedAt: string | null;
  /** Ended by its deadline rather than by a release. */
  readonly forced: boolean;
  /** The configured target was unknown, disabled or already in charge: control was released instead. */
  readonly skipped: boolean;
}

/** Can a survey be asked in the conversation? Only where `endUserCanReply`. */
export interface EndedConversation {
  readonly open: boolean;
  readonly endUserCanReply: boolean;
  readonly reopenAllowed: boolean;
}

/** Decided once, at the source, so that all consumers agree. */
export interface CsatEligibility {
  readonly eligible: boolean;
  readonly suppressedBecause: 'already_requested' | 'session_failed' | 'conversation_removed' | null;
  /** The post-end integration asked by itself: it released with `csatRequested: true` in its metadata. */
  readonly alreadyRequested: boolean;
  readonly channelHint: 'in_channel' | 'email' | 'none';
}

/** Messages of the session by who wrote them; the note at the end is not counted. */
export interface MessageCounts {
  readonly endUser: number;
  readonly bot: number;
  readonly agent: number;
  /** Sent with an app key or by an integration that is not linked. */
  readonly other: number;
}

export interface SettingsSnapshot {
  readonly endSessionEnabled: boolean;
  readonly agentsCanEnd: boolean;
  readonly disableConversationReopen: boolean;
  /** What the end does with control: `release`, or `pass:<switchboard integration name>`. */
  readonly onEnd: {
    readonly endUser: string;
    readonly agent: string;
    readonly bot: string;
    readonly system: string;
  };
}
