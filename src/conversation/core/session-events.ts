import type { Load, Ticket } from '../../agents/core/index.js';
import type {
  AgentId,
  ChannelId,
  MessageId,
  Millis,
  QueueId,
  SessionId,
  SurveyId,
  UserId,
  WorkItemId,
} from '../../kernel/index.js';
import type { Actor, SwitchReason } from './actor.js';
import type { EndFacts, EndedBy, LiveSession, Origin, PostEnd } from './session.js';
import type { SurveyScale, SurveySubject } from './survey.js';
import type { ControllerKind } from './world.js';

/** What happens to a session and to the agents who have it. Those marked * change the holder. */
export type SessionEvent =
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
      /** Who sent it there; `null`: nobody did, it followed from something else. */
      readonly by: Actor | null;
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
  /** The customer has been silent for ten minutes, or is back: buckets count it otherwise now (`docs/rules.md` 3.6). */
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
  /** The end user is asked for a rating; not activity (`docs/rules.md` 2.2a). */
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
  | 'overflow'
  /** The queue it waited in was deleted. */
  | 'queue_removed';

/** Why an offer to an agent is over without being accepted. */
export type OfferEnd = 'declined' | 'timed_out' | 'unavailable' | 'canceled';

export type AgentLeft =
  | 'ended'
  /** Ended, and the tab with it. */
  | 'tab_closed'
  /** Ended by a confirmed logout. */
  | 'agent_logout'
  | 'transferred'
  | 'agent_offline'
  | 'inactive'
  | 'returned'
  | 'rerouted'
  | 'removed';
