import type { Ticket } from '../../agents/core/index.js';
import type {
  AgentId,
  ChannelId,
  IntegrationId,
  KeyId,
  MessageId,
  Metadata,
  QueueId,
  SwitchboardIntegrationId,
  SessionId,
  SurveyId,
  UserId,
  WorkItemId,
} from '../../kernel/index.js';
import type { EndReason, EndVia } from './session.js';
import type { SurveyScale, SurveySubject } from './survey.js';
import type { SessionWait } from './waits.js';

/** Who asks. The shell proves it (key or token) before the command is made. */
export type Actor =
  /** An app or account key: may act for anybody. */
  | { readonly type: 'app'; readonly keyId: KeyId }
  /** An integration's key; it may or may not be linked to the switchboard. */
  | { readonly type: 'integration'; readonly integrationId: IntegrationId; readonly keyId: KeyId }
  /** The end user, by token. */
  | { readonly type: 'user'; readonly userId: UserId }
  /** A human agent, by a token of their own. */
  | { readonly type: 'agent'; readonly agentId: AgentId; readonly keyId: KeyId }
  /** A timer or the platform itself. */
  | { readonly type: 'system' };

/** Reason of a pass or release, as Sunshine Conversations names it (`sunco.md` 6.3). */
export type SwitchReason = 'ticketClosed' | 'transferToEmail';

export type ConversationCommand =
  | StartConversation
  | ReceiveMessage
  | SendMessage
  | RecordPostback
  | RecordRead
  | PassControl
  | OfferControl
  | AcceptControl
  | DeclineControl
  | ReleaseControl
  | ExpireOffer
  | RequestEnd
  | StartSession
  | RecordConsent
  | OfferWork
  | AcceptWork
  | DeclineWork
  | AssignSession
  | TransferSession
  | DetachAgent
  | InactivateSession
  | CloseTab
  | ObserveSession
  | SetTicket
  | OverflowQueue
  | FailOver
  | FailOffer
  | PostSurvey
  | AnswerSurvey
  | TimerDue
  | ExpireEnding
  | ChangeDetails
  | JoinConversation
  | LeaveConversation
  | RemoveConversation
  | RemoveMessages;

export interface StartConversation {
  readonly type: 'startConversation';
  readonly by: Actor;
  /** The service channel; `null`: the app's usual one. */
  readonly channelId: ChannelId | null;
}

/** A message whose author is an end user, from the user's token or posted for them with a key. */
export interface ReceiveMessage {
  readonly type: 'receiveMessage';
  readonly by: Actor;
  readonly userId: UserId;
  readonly messageId: MessageId;
}

/** A business message. The fence applies (`sunco.md` 10.1, decision 4 of the architecture). */
export interface SendMessage {
  readonly type: 'sendMessage';
  readonly by: Actor;
  readonly messageId: MessageId;
  /** Given by the caller: the message is refused unless this is still the epoch. */
  readonly controlEpoch: number | null;
}

/** A button of an earlier message was pressed. Activity, but not a message. */
export interface RecordPostback {
  readonly type: 'recordPostback';
  readonly by: Actor;
  readonly userId: UserId;
}

/** Somebody read the conversation; from an end user it is activity. */
export interface RecordRead {
  readonly type: 'recordRead';
  readonly by: Actor;
  readonly userId: UserId | null;
}

export interface PassControl {
  readonly type: 'passControl';
  readonly by: Actor;
  /** `next`, or an id, name or type, tried in that order (`sunco.md` 10.3). */
  readonly target: string;
  readonly metadata: Metadata | null;
  readonly reason: SwitchReason | null;
}

export interface OfferControl {
  readonly type: 'offerControl';
  readonly by: Actor;
  readonly target: string;
  readonly metadata: Metadata | null;
  /** `null`: the switchboard's own deadline, if it has one. */
  readonly expiresInSeconds: number | null;
  /** Targets that are invited in turn when the one before declines, lets the deadline pass or cannot be reached. */
  readonly fallback?: readonly string[] | null;
}

export interface AcceptControl {
  readonly type: 'acceptControl';
  readonly by: Actor;
  readonly metadata: Metadata | null;
}

/** Ours, beside the four of Sunshine Conversations: the pending one says no, or an app key withdraws the offer. */
export interface DeclineControl {
  readonly type: 'declineControl';
  readonly by: Actor;
  readonly metadata: Metadata | null;
}

export interface ReleaseControl {
  readonly type: 'releaseControl';
  readonly by: Actor;
  readonly metadata: Metadata | null;
  readonly reason: SwitchReason | null;
}

/** The timer of one offer is due; any other offer, or none, makes it a no-op. */
export interface ExpireOffer {
  readonly type: 'expireOffer';
  readonly offerSeq: number;
}

export interface RequestEnd {
  readonly type: 'requestEnd';
  readonly by: Actor;
  readonly via: EndVia;
  /** In a list: the menu of one row, or several selected (M-9, M-10). */
  readonly list: 'row' | 'bulk' | null;
  /** `null`: derived from who ends (`sessions.md` section 4). */
  readonly reason: EndReason | null;
  /** A partner system says whether the end user acted or the system did (T31). */
  readonly actingFor: 'end_user' | null;
}

/** The business writes first (T1). `live`: sessions of this end user on this channel, counted under the user's lock. */
export interface StartSession {
  readonly type: 'startSession';
  readonly by: Actor;
  readonly messageId: MessageId;
  readonly userId: UserId | null;
  readonly live: number;
}

/** The end user agrees to be written to, or does not (T7 to T9). */
export interface RecordConsent {
  readonly type: 'recordConsent';
  readonly by: Actor;
  readonly granted: boolean;
}

/** Routing found somebody for a session that waits; refused unless it still fits under the locks. */
export interface OfferWork {
  readonly type: 'offerWork';
  readonly agentId: AgentId;
}

export interface AcceptWork {
  readonly type: 'acceptWork';
  readonly by: Actor;
  readonly workItemId: WorkItemId;
}

export interface DeclineWork {
  readonly type: 'declineWork';
  readonly by: Actor;
  readonly workItemId: WorkItemId;
}

/** A supervisor or an app gives the session to an agent who is not asked; by hand, so it never counts (K-2). */
export interface AssignSession {
  readonly type: 'assignSession';
  readonly by: Actor;
  readonly agentId: AgentId;
}

/** To a queue, to agents with certain skills, or to one agent (T17, T18); to a bot control is passed (T19). */
export interface TransferSession {
  readonly type: 'transferSession';
  readonly by: Actor;
  readonly to:
    | { readonly type: 'queue'; readonly queueId: QueueId | null; readonly skills: readonly string[] }
    | { readonly type: 'agent'; readonly agentId: AgentId };
}

/** An agent is gone; what that means for this session depends on its capacity model (M-11, M-12, T12). */
export interface DetachAgent {
  readonly type: 'detachAgent';
  readonly agentId: AgentId;
  readonly why: 'agent_offline';
}

export interface InactivateSession {
  readonly type: 'inactivateSession';
  readonly by: Actor;
}

/** The tab of a session that lives still: the agent picks what becomes of it (T22); status-based, nothing (T23). */
export interface CloseTab {
  readonly type: 'closeTab';
  readonly by: Actor;
  readonly workItemId: WorkItemId;
  readonly choice: 'end' | 'inactivate' | null;
}

/** A supervisor comes in as an observer, or goes. */
export interface ObserveSession {
  readonly type: 'observeSession';
  readonly by: Actor;
  readonly agentId: AgentId;
  readonly present: boolean;
}

/** What an external ticket system says of the ticket of this session. */
export interface SetTicket {
  readonly type: 'setTicket';
  readonly by: Actor;
  readonly ticket: Ticket;
}

/** Routing found the queue closed or full: its overflow rule holds now (T13). A no-op in any other queue. */
export interface OverflowQueue {
  readonly type: 'overflowQueue';
  readonly queueId: QueueId;
}

/** The holder could not be reached in time; a no-op once control has moved (`sessions.md` 2.4 has no timer for it: R14). */
export interface FailOver {
  readonly type: 'failOver';
  readonly holder: SwitchboardIntegrationId;
  readonly why: FailureCause;
  readonly controlEpoch: number;
}

/** What a holder failed at: taking what it was sent, or answering the end user. */
export type FailureCause = 'undeliverable' | 'reply_overdue';

/** The invited one could not be reached in time; a no-op for any other offer, and for one without a `fallback`. */
export interface FailOffer {
  readonly type: 'failOffer';
  readonly pending: SwitchboardIntegrationId;
  readonly offerSeq: number;
}

/** A session that is over is surveyed: the form is the message, where there is room for one. */
export interface PostSurvey extends SurveySubject {
  readonly type: 'postSurvey';
  readonly surveyId: SurveyId;
  readonly sessionId: SessionId;
  /** `null`: the app asks by link alone. */
  readonly messageId: MessageId | null;
  readonly scale: SurveyScale;
  readonly expirySeconds: number;
}

/** The end user rates, in the conversation or by link. */
export interface AnswerSurvey {
  readonly type: 'answerSurvey';
  /** The end user; the system, when all that is known is that they have the link. */
  readonly by: Actor;
  readonly surveyId: SurveyId;
  /** `null`: by link, which leaves no message. */
  readonly messageId: MessageId | null;
  readonly score: number;
  /** In their own words; kept with the survey, in no event. */
  readonly comment: string | null;
}

/** A timer row is due. It may have been armed for earlier than the wait's end is now; then nothing happens yet. */
export interface TimerDue extends SessionWait {
  readonly type: 'timerDue';
}

/** `endingMax` is due; a no-op unless this session is still ENDING. */
export interface ExpireEnding {
  readonly type: 'expireEnding';
  readonly sessionId: string;
}

/** Display name, description, icon or metadata changed; the shell stores the values. */
export interface ChangeDetails {
  readonly type: 'changeDetails';
  readonly by: Actor;
}

/** A user becomes a participant of a group; how many there are, and whether they are one, was read under the lock. */
export interface JoinConversation {
  readonly type: 'joinConversation';
  readonly by: Actor;
  readonly userId: UserId;
  readonly participants: number;
  readonly takesPart: boolean;
}

/** A participant leaves a group. */
export interface LeaveConversation {
  readonly type: 'leaveConversation';
  readonly by: Actor;
  readonly userId: UserId;
}

export interface RemoveConversation {
  readonly type: 'removeConversation';
  readonly by: Actor;
}

/** One message (`messageId`) or all (`null`) are deleted; `count` were there, counted under the lock. */
export interface RemoveMessages {
  readonly type: 'removeMessages';
  readonly by: Actor;
  readonly messageId: MessageId | null;
  readonly count: number;
}
