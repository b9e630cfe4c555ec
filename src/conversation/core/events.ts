import type {
  AgentId,
  ChannelId,
  MessageId,
  Metadata,
  Millis,
  SwitchboardIntegrationId,
  UserId,
} from '../../kernel/index.js';
import type { Actor, ReleaseReason, SwitchReason } from './actor.js';
import type { FailureCause } from './commands.js';
import type { Fallback } from './control.js';
import type { ControllerKind } from './world.js';
import type { SessionEvent } from './session-events.js';

export type * from './session-events.js';

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
  | {
      readonly type: 'messageReceived';
      readonly messageId: MessageId;
      readonly userId: UserId;
      /** The form that it answers, which is answered from now on; absent: it answers none. */
      readonly formId?: MessageId;
      readonly by: Actor;
    }
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
      /** Sent by whoever had just given control away by itself (ADR 0041). */
      readonly parting: boolean;
    }
  | {
      readonly type: 'messagesRemoved';
      readonly messageId: MessageId | null;
      readonly count: number;
      readonly by: Actor;
    }
  | { readonly type: 'postbackReceived'; readonly userId: UserId; readonly by: Actor }
  | { readonly type: 'conversationRead'; readonly userId: UserId | null; readonly by: Actor }
  /** * The default responder got control: somebody was active and nobody held it (`docs/wire.md` 10.2). No webhook. */
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
      readonly cause: 'command' | 'sessionEnd' | 'holderDead' | 'loopStopped';
      /** Until when `from`, who gave it away by itself, may still speak; `null`: it may not. */
      readonly partingUntil: Millis | null;
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
      readonly byHolder: boolean;
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
      /** Until when `from`, whose own offer it was, may still speak; `null`: it may not. */
      readonly partingUntil: Millis | null;
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
  /** Integrations passed control around and nobody said a word: it goes to people or to the default, if there is one. */
  | {
      readonly type: 'handOffLoopStopped';
      /** Who had control or was to get it since the last message. */
      readonly between: readonly Si[];
      readonly handOffs: number;
      /** Who has it now. */
      readonly to: Si | null;
    }
  /** The end user waits for an answer longer than the holder may take. */
  | { readonly type: 'replyOverdue'; readonly holder: Si; readonly owedSince: Millis }
  /** * when somebody held control; an offer that stood alone is cleared without a new epoch. */
  | {
      readonly type: 'controlReleased';
      readonly from: Si | null;
      readonly voided: Si | null;
      readonly metadata: Metadata | null;
      readonly reason: ReleaseReason | null;
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
  | SessionEvent;

/** Why nobody took over what was offered. */
export type OfferFailure = 'declined' | 'expired' | 'dead';

/** Codes of control failures on webhooks and, with strict handling, in the answer (`docs/wire.md` 3). */
export type ControlErrorCode = 'switchboard_invalid_target' | 'switchboard_invalid_action';

export type ConversationEventType = ConversationEvent['type'];
