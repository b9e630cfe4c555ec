import type { ConversationEvent } from '../events.js';
import { evolve } from '../evolve.js';
import type { ConversationState } from '../state.js';
import type { World } from '../world.js';

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
