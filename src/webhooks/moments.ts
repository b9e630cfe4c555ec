import { evolve, type Control, type ConversationState, type Recorded, type Settled } from '../conversation/index.js';
import type { IntegrationId } from '../kernel/index.js';
import { triggerOf } from './triggers.js';

/** One event that webhooks may hear of, with the conversation as it stood around it. */
export interface Moment {
  readonly recorded: Recorded;
  readonly trigger: string;
  /** The conversation as the payload shows it. */
  readonly shown: Pick<ConversationState, 'control' | 'controlEpoch'>;
  /** Whoever is active or pending in one of these may hear of it. */
  readonly positions: readonly Control[];
  /** Told of a failure whatever its position. */
  readonly invoker: IntegrationId | null;
}

/**
 * Folds the decision event by event, so that each is routed by the positions of its own moment: a message that
 * assigned the default responder on the way reaches that responder, a pass reaches old and new holder.
 */
export function momentsOf(settled: Settled): readonly Moment[] {
  const moments: Moment[] = [];
  let state = settled.before;
  for (const [index, recorded] of settled.recorded.entries()) {
    const before = state;
    state = evolve(before, recorded.event, recorded.at);
    const trigger = triggerOf(recorded.event);
    if (trigger === null) continue;
    const shown =
      recorded.event.type === 'conversationStarted' ? withDefault(state, settled.recorded[index + 1]) : state;
    moments.push({
      recorded,
      trigger,
      shown,
      positions: transitions(recorded)
        ? [settled.before.control, before.control, state.control, settled.after.control]
        : [shown.control],
      invoker: invokerOf(recorded),
    });
  }
  return moments;
}

/** A new conversation already shows the default responder that the next event makes active (`sunco.md` 10.4 row 1). */
function withDefault(state: ConversationState, next: Recorded | undefined): ConversationState {
  return next?.event.type === 'controlAssigned' ? evolve(state, next.event, next.at) : state;
}

/** Control moves and the end note go to everybody who had or got a position (`sunco.md` 8). */
function transitions({ event }: Recorded): boolean {
  switch (event.type) {
    case 'controlPassed':
    case 'controlOffered':
    case 'controlAccepted':
    case 'controlDeclined':
    case 'offerExpired':
    case 'controlReleased':
    case 'endNoteWritten':
      return true;
    default:
      return false;
  }
}

function invokerOf({ event }: Recorded): IntegrationId | null {
  return event.type === 'controlFailed' && event.by.type === 'integration' ? event.by.integrationId : null;
}
