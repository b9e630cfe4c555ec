import type { Announced, ControllerKind, EndedBy, EndReason, Origin, SessionStatus } from './announced.js';

/** A session is over. Exactly one per `sessionId` at the source; delivered at least once. */
export interface SessionEnded extends Announced {
  readonly sessionId: string;
  readonly endUserId: string | null;
  readonly externalUserId: string | null;
  /** Of the user's profile, as it was given (`de`, `pt-BR`). */
  readonly locale: string | null;
  readonly channel: EndedChannel;
  readonly origin: Origin;
  readonly endedBy: EndedBy;
  readonly endReason: EndReason;
  /** @format date-time */
  readonly startedAt: string;
  /** When a human first took over: an agent accepted, a desk got control; `null`: none ever did. @format date-time */
  readonly acceptedAt: string | null;
  /** @format date-time */
  readonly endRequestedAt: string;
  /** Later than `endRequestedAt` when a post-end flow ran. @format date-time */
  readonly endedAt: string;
  /** `system`: nobody held control during the session. */
  readonly handlerType: 'agent' | 'bot' | 'bot_to_agent' | 'system';
  /** When the end was asked. */
  readonly stateAtEnd: SessionStatus;
  /** The agent in charge when the end was asked; `null`: none, as in the queue. */
  readonly owner: { readonly agentId: string; readonly teamId: string | null } | null;
  readonly lastHumanAgentId: string | null;
  /** Agents and observers in the order they came; the end user is `endUserId`. */
  readonly participants: readonly EndedParticipant[];
  readonly workItems: readonly EndedWorkItem[];
  readonly routing: EndedRouting;
  /** Who was in charge when the end was asked. */
  readonly control: { readonly activeAtEnd: string | null; readonly kindAtEnd: ControllerKind | null };
  readonly postEnd: EndedPostEnd | null;
  readonly conversation: EndedConversation;
  readonly csat: CsatEligibility;
  readonly metrics: EndedMetrics;
  /** Explains the outcome later. */
  readonly settingsSnapshot: SettingsSnapshot;
}

export interface EndedChannel {
  /** `null`: the app's usual one. */
  readonly id: string | null;
  readonly kind: string;
  readonly tier: 'standard' | 'enhanced';
}

export interface EndedParticipant {
  readonly id: string;
  readonly role: 'agent' | 'supervisor';
  /** @format date-time */
  readonly joinedAt: string;
  /** @format date-time */
  readonly leftAt: string | null;
}

/** Under `tab_based` the work is over and its capacity is not free yet: act on `work_item.closed` instead. */
export interface EndedWorkItem {
  readonly id: string;
  readonly agentId: string;
  readonly queueId: string | null;
  readonly capacityModel: 'tab_based' | 'status_based';
  /** As this transaction left it; `closed`: nothing is left of it. */
  readonly status: 'open' | 'paused' | 'over' | 'afterWork' | 'closed';
  readonly tabOpen: boolean;
  readonly capacityReleased: boolean;
}

export interface EndedRouting {
  /** How an open ticket counts from now on. */
  readonly treatAs: 'messaging' | 'email';
  readonly ticketId: string | null;
  readonly ticketStatus: string | null;
  readonly queueId: string | null;
}

export interface EndedMetrics {
  readonly messages: MessageCounts;
  readonly agentResponses: ResponseTimes;
  readonly endUserResponses: ResponseTimes;
  /** From asking for a human to one taking over; `null`: none was asked for, or none came. In seconds. */
  readonly waitSeconds: number | null;
  /** From a human taking over to the request of the end; `null`: none did. In seconds. */
  readonly handleSeconds: number | null;
}

export interface ResponseTimes {
  readonly count: number;
  /** In seconds; `null` where there was none. */
  readonly averageSeconds: number | null;
  readonly longestSeconds: number | null;
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

/** Can a consumer of your own ask something in the conversation? Only where `endUserCanReply`. */
export interface EndedConversation {
  readonly open: boolean;
  readonly endUserCanReply: boolean;
  readonly reopenAllowed: boolean;
}

/** Does a survey follow? Decided once, at the source: whoever asks only obeys. */
export interface CsatEligibility {
  /** The decision, by everything below and by how the session ended. */
  readonly eligible: boolean;
  /** Why no survey follows. */
  readonly suppressedBecause:
    | 'already_requested'
    | 'no_response'
    | 'opted_out'
    | 'abandoned_in_queue'
    | 'session_failed'
    | 'conversation_removed'
    | 'legacy_end_user_ended'
    | 'inactive_expired'
    | 'agent_logout'
    | 'not_in_send_on'
    | 'ended_by_bot'
    | null;
  /** The post-end integration asked by itself: it released with `csatRequested: true` in its metadata. */
  readonly alreadyRequested: boolean;
  /** Where a consumer of your own can ask. The house's own survey also stands in a conversation that is closed. */
  readonly channelHint: 'in_channel' | 'email' | 'none';
  /** Whom the rating is about; `conversation`: nobody ever answered. */
  readonly kind: 'agent' | 'bot' | 'conversation';
  /** `house`: Switchboard asks, and whoever asks beside it asks twice. `own`: `csat.sendOn` is empty, and it does not. */
  readonly askedBy: 'house' | 'own';
  /** How the house asks; the link is in `survey.posted`. */
  readonly delivery: 'in_channel' | 'link' | 'both';
  /** When to ask; `null`: not at all. @format date-time */
  readonly askAt: string | null;
  /** `legacy` surveys follow no end by the end user. */
  readonly mode: 'customizable' | 'legacy';
  /** Ends that are surveyed, and the ticket solved later; none: those that the mode usually surveys, by somebody else. */
  readonly sendOn: readonly ('agent_ended' | 'end_user_ended' | 'bot_ended' | 'system_ended' | 'ticket_solved')[];
  /** Also after `inactive_expired` and `agent_logout`. */
  readonly afterSilence: boolean;
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
  readonly capacityModel: 'tab_based' | 'status_based';
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
