import type { Millis } from '../../kernel/index.js';
import type { ConversationEvent } from './events.js';
import type { ConversationState } from './state.js';

/** Folds one event; `at` is its time. `seq` rises by one for every event, `controlEpoch` when the holder changed. */
export declare function evolve(state: ConversationState, event: ConversationEvent, at: Millis): ConversationState;
