import type { Metadata } from '../../../kernel/index.js';
import type { Actor } from '../commands.js';
import type { Answer, Decision, Refusal } from '../decision.js';
import type { ControlErrorCode, ConversationEvent } from '../events.js';
import { begin, happened, type Draft } from './drafting.js';
import { followControl } from './follow-control.js';

export { begin, happened, type Draft };

/** Every decision ends here, so that none leaves an agent with a session that control has left. */
export const answer = (draft: Draft, given: Answer): Decision => ({
  events: draft.events.length === 0 ? draft.events : followControl(draft).events,
  answer: given,
});

export const accept = (draft: Draft): Decision => answer(draft, { ok: true });

/** What happened on the way to a refusal, such as an assigned default, is kept. */
export const refuse = (draft: Draft, refusal: Refusal): Decision => answer(draft, { ok: false, refusal });

interface ControlCall {
  readonly by: Actor;
  readonly metadata: Metadata | null;
}

/** A control action that could not be done is announced: with lenient handling nobody hears of it otherwise. */
export function failControl(
  draft: Draft,
  command: ControlCall,
  action: Extract<ConversationEvent, { type: 'controlFailed' }>['action'],
  code: ControlErrorCode,
  message: string,
): Decision {
  const { by, metadata } = command;
  const failed = happened(draft, { type: 'controlFailed', action, code, message, metadata, by });
  return refuse(failed, { reason: 'controlFailed', code, message });
}
