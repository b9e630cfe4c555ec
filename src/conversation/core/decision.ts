import type { SessionId } from '../../kernel/index.js';
import type { ControlErrorCode, ConversationEvent } from './events.js';
import type { SwitchboardIntegration } from './world.js';

/**
 * The outcome of a command: the events that happened, in order, and the answer to whoever asked.
 * A refusal is an answer and may carry events: a default assigned on the way is kept, a control refusal says
 * `controlFailed`. `throw` means a bug.
 */
export interface Decision {
  readonly events: readonly ConversationEvent[];
  readonly answer: Answer;
}

export type Answer =
  | { readonly ok: true }
  /** An end, new or repeated: `status` tells whether a post-end flow keeps the session open. */
  | { readonly ok: true; readonly sessionId: SessionId; readonly repeated: boolean }
  | { readonly ok: false; readonly refusal: Refusal };

export type Refusal =
  /** 404 */
  | { readonly reason: 'conversationNotFound' }
  /** 403: `docs/wire.md` 10.4 rows 13, 14, 16. Leaves a line in the timeline. */
  | { readonly reason: 'forbidden'; readonly action: 'accept' | 'decline' | 'release' }
  /** 200 `{}` and a `:failure` webhook, or 400 with strict handling. Its event is `controlFailed`. */
  | { readonly reason: 'controlFailed'; readonly code: ControlErrorCode; readonly message: string }
  /** 409: the fence. Leaves a line in the timeline. */
  | {
      readonly reason: 'notInControl';
      readonly holder: SwitchboardIntegration | null;
      readonly controlEpoch: number;
      /** What the holder alone does not tell: the session is over, or another agent of the holder has it. */
      readonly because?: 'sessionOver' | 'otherAgent';
    }
  /** 409: the message was sent with an epoch that is over. Leaves a line in the timeline. */
  | {
      readonly reason: 'staleControlEpoch';
      readonly holder: SwitchboardIntegration | null;
      readonly controlEpoch: number;
    }
  /** 409: the session is over and the conversation does not reopen (T37). */
  | {
      readonly reason: 'conversationEnded';
      /** The shell says it, who knows the end user's other conversations. */
      readonly newConversationAllowed?: boolean;
    }
  /** 400: a group holds so many (`docs/wire.md` 5). */
  | { readonly reason: 'tooManyParticipants' }
  /** 423 */
  | { readonly reason: 'messageLimitReached' }
  /** 409: there is no session to end. */
  | { readonly reason: 'noSession' }
  /** 403: `endSessionEnabled` is off (E-14). */
  | { readonly reason: 'endByUserDisabled' }
  /** 403: `agentsCanEnd` is off. */
  | { readonly reason: 'agentEndDisabled' }
  /** 403: an integration may end only what it holds (T30). */
  | { readonly reason: 'notTheHolder' }
  /** 409: there is one answer to a form, and it is there. */
  | { readonly reason: 'formSubmitted' }
  /** 409: there is one answer to a survey, and it is there. */
  | { readonly reason: 'surveyAnswered' }
  /** 409: expired, or not asked here. */
  | { readonly reason: 'surveyClosed' }
  /** 400 */
  | { readonly reason: 'surveyScoreOffScale' }
  | { readonly reason: SessionRefusal };

/** Guards of the session's life. State unchanged, nothing emitted (`docs/rules.md` 2.2). */
export type SessionRefusal =
  /** 409: not in the state that this needs (M-6). */
  | 'notActive'
  /** 409: an end user cannot end what has not begun. */
  | 'notBegun'
  /** 409: over, or not agreed to yet. */
  | 'notLive'
  /** 409: no agent has it (T20). */
  | 'noAgentHasIt'
  /** 409: no agent has it, and it waits for none (T17). */
  | 'nothingToHandOn'
  /** 409: nobody can be asked for it while it waits; it is assigned. */
  | 'assignWaiting'
  /** 403: somebody else's session (M-3, M-4). */
  | 'notOwner'
  /** 403: chat is off for the app, the agent's licence or their layout (L-2). */
  | 'chatNotEnabled'
  /** 403: M-3. */
  | 'chatRepRequired'
  /** 403: M-4. */
  | 'messagingAgentRequired'
  /** 403: M-5. */
  | 'endAnyRequired'
  /** 409: M-9. */
  | 'rowEndStandardOnly'
  /** 409: M-13. */
  | 'inactiveStatusBased'
  /** 403: E-5. */
  | 'notOnThisChannel'
  /** 409: I-3. */
  | 'inactivateNotSupported'
  /** 403: I-5. */
  | 'hiddenByAdmin'
  /** 409: an agent writes after the end, in a conversation that goes on with the end user's next message. */
  | 'sessionOver'
  /** 409: I-12. */
  | 'sessionInactive'
  /** 409: the session waits for an agent; nobody on the human side speaks yet. */
  | 'sessionWaiting'
  /** 409: T22 wants one of `end` and `inactivate`. */
  | 'choiceRequired'
  /** 409: there is no such offer any more. */
  | 'offerGone'
  /** 403 */
  | 'notYourOffer'
  /** 409: what routing asked for does not hold under the locks. */
  | 'notWaiting'
  | 'agentNotAvailable'
  | 'noCapacity'
  /** 404: no such queue, or it takes no transfers (T17). */
  | 'noSuchDestination'
  /** 403: not one who leads this session (`leading.ts`). */
  | 'supervisorRequired'
  /** 409: T1. */
  | 'sessionIsLive'
  /** 403: the channel does not let the business begin (T1). */
  | 'mayNotStart'
  /** 403: the end user has not agreed (T1). */
  | 'noConsent'
  /** 409: nobody asked for it (T8, T9). */
  | 'noConsentAsked';
