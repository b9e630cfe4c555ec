import type { MessageId, Metadata, Millis, SessionId, SwitchboardIntegrationId, UserId } from '../../kernel/index.js';
import type { Actor, SwitchReason } from './commands.js';
import type { EndFacts, PostEnd } from './session.js';
import type { ControllerKind } from './world.js';

type Si = SwitchboardIntegrationId;

/**
 * What happened, past tense. Every event takes the next `seq`; those marked * change the holder and raise
 * `controlEpoch` by one. Events hold ids, never bodies (architecture, Retention).
 */
export type ConversationEvent =
  | { readonly type: 'conversationStarted'; readonly by: Actor }
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
  | { readonly type: 'controlAssigned'; readonly to: Si; readonly kind: ControllerKind }
  /** * */
  | {
      readonly type: 'controlPassed';
      readonly from: Si | null;
      readonly to: Si;
      readonly kind: ControllerKind;
      /** The other one whose offer this pass made void. */
      readonly voided: Si | null;
      readonly metadata: Metadata | null;
      readonly reason: SwitchReason | null;
      readonly cause: 'command' | 'sessionEnd';
      readonly by: Actor;
    }
  | {
      readonly type: 'controlOffered';
      readonly active: Si | null;
      readonly to: Si;
      readonly voided: Si | null;
      readonly expiresAt: Millis | null;
      readonly metadata: Metadata | null;
      readonly by: Actor;
    }
  /** * */
  | {
      readonly type: 'controlAccepted';
      readonly from: Si | null;
      readonly to: Si;
      readonly kind: ControllerKind;
      readonly metadata: Metadata | null;
      readonly by: Actor;
    }
  | { readonly type: 'controlDeclined'; readonly pending: Si; readonly metadata: Metadata | null; readonly by: Actor }
  | { readonly type: 'offerExpired'; readonly pending: Si; readonly offerSeq: number }
  /** * when somebody held control; an offer that stood alone is cleared without a new epoch. */
  | {
      readonly type: 'controlReleased';
      readonly from: Si | null;
      readonly voided: Si | null;
      readonly metadata: Metadata | null;
      readonly reason: SwitchReason | null;
      readonly cause: 'command' | 'sessionEnd' | 'endingExpired';
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
      readonly userId: UserId;
      /** Of whoever holds control as the session begins; `null` when nobody does. */
      readonly holderKind: ControllerKind | null;
    }
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
  | {
      readonly type: 'sessionEnded';
      readonly sessionId: SessionId;
      readonly end: EndFacts;
      readonly postEnd: PostEnd | null;
    };

/** Codes of control failures on webhooks and, with strict handling, in the answer (`sunco.md` 3). */
export type ControlErrorCode = 'switchboard_invalid_target' | 'switchboard_invalid_action';

export type ConversationEventType = ConversationEvent['type'];
