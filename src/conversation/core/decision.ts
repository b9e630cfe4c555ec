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
  /** 403: `sunco.md` 10.4 rows 13, 14, 16. Leaves a line in the timeline. */
  | { readonly reason: 'forbidden'; readonly action: 'accept' | 'decline' | 'release' }
  /** 200 `{}` and a `:failure` webhook, or 400 with strict handling. Its event is `controlFailed`. */
  | { readonly reason: 'controlFailed'; readonly code: ControlErrorCode; readonly message: string }
  /** 409: the fence. Leaves a line in the timeline. */
  | {
      readonly reason: 'notInControl';
      readonly holder: SwitchboardIntegration | null;
      readonly controlEpoch: number;
    }
  /** 409: the message was sent with an epoch that is over. Leaves a line in the timeline. */
  | {
      readonly reason: 'staleControlEpoch';
      readonly holder: SwitchboardIntegration | null;
      readonly controlEpoch: number;
    }
  /** 409: the session is over and the conversation does not reopen (T37). */
  | { readonly reason: 'conversationEnded' }
  /** 400: a group holds so many (`sunco.md` 5). */
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
  | { readonly reason: 'notTheHolder' };
