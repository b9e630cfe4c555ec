import type { Control, ConversationState, Recorded, Settled } from '../../conversation/index.js';
import type { IntegrationId } from '../../kernel/index.js';
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
 * Looks at the decision event by event, so that each is routed by the positions of its own moment: a message that
 * assigned the default responder on the way reaches that responder, a pass reaches old and new holder.
 */
export function momentsOf(settled: Settled): readonly Moment[] {
  return settled.recorded.flatMap((recorded, index) => {
    const trigger = triggerOf(recorded.event);
    if (trigger === null) return [];
    const before = settled.recorded[index - 1]?.after ?? settled.before;
    const shown = shownBy(recorded, settled.recorded[index + 1]);
    const positions = transitions(recorded)
      ? [settled.before.control, before.control, recorded.after.control, settled.after.control]
      : [shown.control];
    return [{ recorded, trigger, shown, positions, invoker: invokerOf(recorded) }];
  });
}

/** A new conversation already shows the default that the next event makes active (`docs/wire.md` 10.4 row 1). */
function shownBy({ event, after }: Recorded, next: Recorded | undefined): ConversationState {
  return event.type === 'conversationStarted' && next?.event.type === 'controlAssigned' ? next.after : after;
}

/** Control moves and the end note go to everybody who had or got a position (`docs/wire.md` 8). */
function transitions({ event }: Recorded): boolean {
  switch (event.type) {
    case 'controlPassed':
    case 'controlOffered':
    case 'controlAccepted':
    case 'controlDeclined':
    case 'offerExpired':
    case 'controlReleased':
    case 'holderFailed':
    case 'endNoteWritten':
    case 'ticketNoteWritten':
      return true;
    default:
      return false;
  }
}

function invokerOf({ event }: Recorded): IntegrationId | null {
  return event.type === 'controlFailed' && event.by.type === 'integration' ? event.by.integrationId : null;
}
