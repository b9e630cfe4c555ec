import type { Answer, Decision, Refusal } from '../decision.js';
import type { ControlErrorCode, ConversationEvent } from '../events.js';
import { evolve } from '../evolve.js';
import type { ConversationState } from '../state.js';
import type { World } from '../world.js';
import type { Actor } from '../commands.js';
import type { Metadata } from '../../../kernel/index.js';

/** A decision in the making: what has happened so far, and the state it led to. */
export interface Draft {
  readonly state: ConversationState;
  readonly events: readonly ConversationEvent[];
  readonly world: World;
}

export const begin = (state: ConversationState, world: World): Draft => ({ state, events: [], world });

export function happened(draft: Draft, event: ConversationEvent): Draft {
  return {
    state: evolve(draft.state, event, draft.world.now),
    events: [...draft.events, event],
    world: draft.world,
  };
}

export const answer = (draft: Draft, given: Answer): Decision => ({ events: draft.events, answer: given });

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
