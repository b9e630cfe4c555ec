import type { IntegrationId, KeyId, MessageId, Metadata, UserId } from '../../kernel/index.js';
import type { EndReason } from './session.js';

/** Who asks. The shell proves it (key or token) before the command is made. */
export type Actor =
  /** An app or account key: may act for anybody. */
  | { readonly type: 'app'; readonly keyId: KeyId }
  /** An integration's key; it may or may not be linked to the switchboard. */
  | { readonly type: 'integration'; readonly integrationId: IntegrationId; readonly keyId: KeyId }
  /** The end user, by token. */
  | { readonly type: 'user'; readonly userId: UserId }
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
  | ExpireEnding
  | ChangeDetails
  | JoinConversation
  | LeaveConversation
  | RemoveConversation
  | RemoveMessages;

export interface StartConversation {
  readonly type: 'startConversation';
  readonly by: Actor;
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
  readonly via: 'widget' | 'api' | 'automation';
  /** `null`: derived from who ends (`sessions.md` section 4). */
  readonly reason: EndReason | null;
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
