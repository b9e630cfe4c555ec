import type {
  ChannelId,
  MessageId,
  Metadata,
  SwitchboardIntegrationId,
  UserId,
  SurveyId,
  SessionId,
} from '../../kernel/index.js';
import type { Actor, SwitchReason } from './actor.js';
import type {
  AcceptWork,
  AssignSession,
  CloseTab,
  DeclineWork,
  DetachAgent,
  InactivateSession,
  ObserveSession,
  OfferWork,
  OverflowQueue,
  RecordConsent,
  RequestEnd,
  SetTicket,
  StartSession,
  TimerDue,
  TransferSession,
} from './session-commands.js';
import type { SurveyScale, SurveySubject } from './survey.js';

export type * from './actor.js';
export type * from './session-commands.js';

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
  | RemoveMessages
  | SettleGround;

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
  /** The form that it answers; `submitted`: it has an answer, as was read under the lock. Absent: it answers none. */
  readonly form?: { readonly messageId: MessageId; readonly submitted: boolean };
}

/** A business message. The fence applies (`docs/wire.md` 10.1, decision 4 of the architecture). */
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
  /** `next`, or an id, name or type, tried in that order (`docs/wire.md` 10.3). */
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

/** The holder could not be reached in time; a no-op once control has moved (no timer of `docs/rules.md` 2.4: R14). */
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

/** `endingMax` is due; a no-op unless this session is still ENDING. */
export interface ExpireEnding {
  readonly type: 'expireEnding';
  readonly sessionId: string;
}

/** What the conversation stands on was deleted: its switchboard or a place on it, a channel, a queue. */
export interface SettleGround {
  readonly type: 'settleGround';
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
