import type { Load, Ticket } from '../../agents/core/index.js';
import type {
  AgentId,
  ChannelId,
  MessageId,
  Metadata,
  Millis,
  QueueId,
  SessionId,
  SurveyId,
  SwitchboardIntegrationId,
  UserId,
  WorkItemId,
} from '../../kernel/index.js';
import type { Actor, FailureCause, SwitchReason } from './commands.js';
import type { Fallback } from './control.js';
import type { EndFacts, EndedBy, LiveSession, Origin, PostEnd } from './session.js';
import type { SurveyScale, SurveySubject } from './survey.js';
import type { ControllerKind } from './world.js';

type Si = SwitchboardIntegrationId;

/**
 * What happened, past tense. Every event takes the next `seq`; those marked * change the holder and raise
 * `controlEpoch` by one. Events hold ids, never bodies (architecture, Retention).
 */
export type ConversationEvent =
  | { readonly type: 'conversationStarted'; readonly channelId: ChannelId | null; readonly by: Actor }
  | { readonly type: 'conversationChanged'; readonly by: Actor }
  | { readonly type: 'conversationClosed' }
  | { readonly type: 'participantJoined'; readonly userId: UserId; readonly by: Actor }
  | { readonly type: 'participantLeft'; readonly userId: UserId; readonly by: Actor }
  /** * when somebody held control: nothing of a removed conversation is held, and its session is over. */
  | { readonly type: 'conversationRemoved'; readonly by: Actor }
  | { readonly type: 'messageReceived'; readonly messageId: MessageId; readonly userId: UserId; readonly by: Actor }
  | {
      readonly type: 'messageSent';
      readonly messageId: MessageId;
      readonly by: Actor;
      /** The linked switchboard integration that sent it; `null` for app keys and unlinked integrations. */
      readonly sender: Si | null;
      readonly senderKind: ControllerKind | null;
      /** The agent of the workspace who wrote it. */
      readonly agentId: AgentId | null;
      /** Sent without control and let through by `controlEnforcement` `warn` or `off`. */
      readonly outOfTurn: boolean;
    }
  | {
      readonly type: 'messagesRemoved';
      readonly messageId: MessageId | null;
      readonly count: number;
      readonly by: Actor;
    }
  | { readonly type: 'postbackReceived'; readonly userId: UserId; readonly by: Actor }
  | { readonly type: 'conversationRead'; readonly userId: UserId | null; readonly by: Actor }
  /** * The default responder got control because somebody was active and nobody held it (`sunco.md` 10.2). No webhook. */
  | { readonly type: 'controlAssigned'; readonly to: Si; readonly kind: ControllerKind; readonly queued: boolean }
  /** * */
  | {
      readonly type: 'controlPassed';
      readonly from: Si | null;
      readonly to: Si;
      readonly kind: ControllerKind;
      /** It is an agent workspace: the session waits in its queue until an agent accepts. */
      readonly queued: boolean;
      /** The other one whose offer this pass made void. */
      readonly voided: Si | null;
      readonly metadata: Metadata | null;
      readonly reason: SwitchReason | null;
      readonly cause: 'command' | 'sessionEnd' | 'holderDead';
      readonly by: Actor;
    }
  | {
      readonly type: 'controlOffered';
      readonly active: Si | null;
      readonly to: Si;
      readonly voided: Si | null;
      readonly expiresAt: Millis | null;
      readonly metadata: Metadata | null;
      readonly fallback: Fallback | null;
      readonly by: Actor;
    }
  /** * */
  | {
      readonly type: 'controlAccepted';
      readonly from: Si | null;
      readonly to: Si;
      readonly kind: ControllerKind;
      readonly queued: boolean;
      readonly metadata: Metadata | null;
      readonly by: Actor;
    }
  | { readonly type: 'controlDeclined'; readonly pending: Si; readonly metadata: Metadata | null; readonly by: Actor }
  | { readonly type: 'offerExpired'; readonly pending: Si; readonly offerSeq: number }
  /** The chain of an offer is at its end; the holder, if there is one, keeps control. */
  | { readonly type: 'offersExhausted'; readonly active: Si | null; readonly last: Si; readonly why: OfferFailure }
  /** The holder, or whoever is invited, is dead or too slow. What follows from it stands in the events behind it. */
  | {
      readonly type: 'holderFailed';
      readonly holder: Si;
      readonly role: 'active' | 'pending';
      readonly why: FailureCause;
      /** What the end user was told. */
      readonly messageId: MessageId | null;
    }
  /** The end user waits for an answer longer than the holder may take. */
  | { readonly type: 'replyOverdue'; readonly holder: Si; readonly owedSince: Millis }
  /** * when somebody held control; an offer that stood alone is cleared without a new epoch. */
  | {
      readonly type: 'controlReleased';
      readonly from: Si | null;
      readonly voided: Si | null;
      readonly metadata: Metadata | null;
      readonly reason: SwitchReason | null;
      readonly cause: 'command' | 'sessionEnd' | 'endingExpired' | 'holderDead';
      readonly by: Actor;
    }
  /** * when it was the holder. A deleted switchboard integration or switchboard is cleared at the next command. No webhook. */
  | { readonly type: 'holderRemoved'; readonly active: Si | null; readonly pending: Si | null }
  | {
      readonly type: 'controlFailed';
      readonly action: 'pass' | 'offer' | 'accept' | 'decline' | 'release';
      readonly code: ControlErrorCode;
      readonly message: string;
      readonly metadata: Metadata | null;
      readonly by: Actor;
    }
  | {
      readonly type: 'sessionStarted';
      readonly sessionId: SessionId;
      /** The end user; `null` in a group that the business wrote to. */
      readonly userId: UserId | null;
      readonly origin: Origin;
      readonly channelId: ChannelId | null;
      /** The agent who wrote first. */
      readonly agentId: AgentId | null;
      /** Of whoever holds control as the session begins; `null` when nobody does, or an agent workspace. */
      readonly holderKind: ControllerKind | null;
    }
  | { readonly type: 'consentRequested'; readonly sessionId: SessionId; readonly messageId: MessageId }
  | { readonly type: 'consentGiven'; readonly sessionId: SessionId; readonly by: Actor }
  | { readonly type: 'consentRefused'; readonly sessionId: SessionId; readonly by: Actor }
  /** NEW, answered: by a bot, or by the agent who began it (T2). */
  | { readonly type: 'sessionAnswered'; readonly sessionId: SessionId }
  /** A human is asked for; an owner, if there was one, left before (T6, T10, T15, T17, T24). */
  | {
      readonly type: 'sessionQueued';
      readonly sessionId: SessionId;
      readonly from: LiveSession['status'];
      readonly reason: QueuedBecause;
      readonly queueId: QueueId | null;
      /** When a human was first asked for; keeps its place in line. */
      readonly requestedAt: Millis;
      readonly skills: readonly string[];
      readonly preferred: AgentId | null;
      readonly load: Load;
    }
  /** No longer waits for an agent: control went elsewhere. */
  | { readonly type: 'sessionDequeued'; readonly sessionId: SessionId; readonly reason: 'control_moved' }
  /** Nobody of the queue came in time, and there is nowhere else to go (T13). */
  | { readonly type: 'queueOverflowed'; readonly sessionId: SessionId; readonly queueId: QueueId | null }
  | {
      readonly type: 'workOffered';
      readonly sessionId: SessionId;
      readonly agentId: AgentId;
      readonly workItemId: WorkItemId;
      readonly queueId: QueueId | null;
      readonly expiresAt: Millis | null;
      /** To a colleague of the owner, who stays until it is accepted (T18). */
      readonly transfer: boolean;
      readonly load: Load;
    }
  | {
      readonly type: 'workDeclined';
      readonly sessionId: SessionId;
      readonly agentId: AgentId;
      readonly workItemId: WorkItemId;
      readonly why: OfferEnd;
    }
  | {
      readonly type: 'workOpened';
      readonly sessionId: SessionId;
      readonly agentId: AgentId;
      readonly workItemId: WorkItemId;
      readonly how: 'accepted' | 'assigned' | 'answered';
      readonly load: Load;
      readonly queueId: QueueId | null;
    }
  /** The customer has been silent for ten minutes, or is back: buckets count it otherwise from now on (3.6). */
  | {
      readonly type: 'workIdled';
      readonly sessionId: SessionId;
      readonly agentId: AgentId;
      readonly workItemId: WorkItemId;
      readonly idle: boolean;
    }
  | {
      readonly type: 'workTransferred';
      readonly sessionId: SessionId;
      readonly agentId: AgentId;
      readonly workItemId: WorkItemId;
    }
  /** * An agent takes over, or a supervisor comes to observe (then the holder stays). */
  | {
      readonly type: 'agentJoined';
      readonly sessionId: SessionId;
      readonly agentId: AgentId;
      readonly role: 'agent' | 'supervisor';
    }
  /** * The owner no longer handles the session, or an observer went. */
  | {
      readonly type: 'agentLeft';
      readonly sessionId: SessionId;
      readonly agentId: AgentId;
      readonly role: 'agent' | 'supervisor';
      readonly why: AgentLeft;
    }
  | {
      readonly type: 'sessionInactivated';
      readonly sessionId: SessionId;
      readonly inactivatedBy: EndedBy;
      /** Under status-based capacity the owner stays (T25). */
      readonly owner: AgentId | null;
    }
  | { readonly type: 'sessionReactivated'; readonly sessionId: SessionId; readonly owner: AgentId | null }
  /** A reminder or a warning about somebody's silence; `messageId`: what the conversation was told. */
  | {
      readonly type: 'sessionReminded';
      readonly sessionId: SessionId;
      readonly about: 'customer' | 'agent';
      readonly kind: 'reminder' | 'warning';
      /** Of the reminder, from 1; warnings are 1. */
      readonly number: number;
      readonly messageId: MessageId | null;
    }
  /** The end user is asked for a rating; not activity (`sessions.md` 2.2a). */
  | ({
      readonly type: 'surveyPosted';
      readonly surveyId: SurveyId;
      readonly sessionId: SessionId;
      /** `null`: by link alone. */
      readonly messageId: MessageId | null;
      readonly scale: SurveyScale;
      readonly closesAt: Millis;
    } & SurveySubject)
  | ({
      readonly type: 'surveyAnswered';
      readonly surveyId: SurveyId;
      readonly sessionId: SessionId;
      /** `null`: by link. */
      readonly messageId: MessageId | null;
      readonly formId: MessageId | null;
      readonly scale: SurveyScale;
      readonly score: number;
      readonly commented: boolean;
      readonly by: Actor;
    } & SurveySubject)
  | { readonly type: 'ticketChanged'; readonly sessionId: SessionId; readonly ticket: Ticket }
  | { readonly type: 'sessionEndRequested'; readonly sessionId: SessionId; readonly end: EndFacts }
  /** Control went to the post-end integration (a `controlPassed` stands before it): the session is ENDING. */
  | {
      readonly type: 'sessionEnding';
      readonly sessionId: SessionId;
      readonly end: EndFacts;
      readonly postEnd: PostEnd;
    }
  /** The system note, last entry of the transcript (E-20). Not activity, not counted. */
  | {
      readonly type: 'endNoteWritten';
      readonly messageId: MessageId;
      readonly sessionId: SessionId;
      readonly end: EndFacts;
    }
  /** Says that the ticket was closed, or goes on by e-mail. Not activity, not counted. */
  | {
      readonly type: 'ticketNoteWritten';
      readonly messageId: MessageId;
      readonly sessionId: SessionId | null;
      readonly reason: SwitchReason;
    }
  | {
      readonly type: 'sessionEnded';
      readonly sessionId: SessionId;
      readonly end: EndFacts;
      readonly postEnd: PostEnd | null;
    };

export type QueuedBecause =
  | 'escalated'
  | 'started'
  | 'answered'
  | 'agent_offline'
  | 'transferred'
  | 'reactivated'
  | 'rerouted'
  | 'overflow';

/** Why an offer to an agent is over without being accepted. */
export type OfferEnd = 'declined' | 'timed_out' | 'unavailable' | 'canceled';

export type AgentLeft =
  | 'ended'
  /** Ended, and the tab with it. */
  | 'tab_closed'
  | 'transferred'
  | 'agent_offline'
  | 'inactive'
  | 'returned'
  | 'rerouted'
  | 'removed';

/** Why nobody took over what was offered. */
export type OfferFailure = 'declined' | 'expired' | 'dead';

/** Codes of control failures on webhooks and, with strict handling, in the answer (`sunco.md` 3). */
export type ControlErrorCode = 'switchboard_invalid_target' | 'switchboard_invalid_action';

export type ConversationEventType = ConversationEvent['type'];
