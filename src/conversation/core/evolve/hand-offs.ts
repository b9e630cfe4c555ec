import type { ConversationEvent } from '../events.js';
import { noHandOffs, type HandOffs, type Parting } from '../state.js';

/** What integrations moved by their own keys since anybody last wrote, or somebody else moved control. */
export function handOffsAfter(before: HandOffs, event: ConversationEvent): HandOffs {
  switch (event.type) {
    case 'messageReceived':
    case 'messageSent':
    case 'sessionStarted':
      return noHandOffs;
    case 'controlPassed':
    case 'controlAccepted':
      if (event.by.type === 'system') return before;
      return event.by.type === 'integration' ? counted(before, event) : noHandOffs;
    case 'handOffLoopStopped':
      return { ...before, stopped: true };
    default:
      return before;
  }
}

function counted(
  { count, between, stopped }: HandOffs,
  { from, to }: Extract<ConversationEvent, { type: 'controlPassed' | 'controlAccepted' }>,
): HandOffs {
  const known = new Set(between);
  if (from !== null) known.add(from);
  return { count: count + 1, between: [...known.add(to)], stopped };
}

/** Who may still say a parting word: until the new holder speaks. `controlEpoch`: the one that a hand-over begins. */
export function partingAfter(before: Parting | null, event: ConversationEvent, controlEpoch: number): Parting | null {
  switch (event.type) {
    case 'controlPassed':
    case 'controlAccepted':
      // Absent in events of earlier versions.
      return event.partingUntil && event.from !== null
        ? { id: event.from, controlEpoch, until: event.partingUntil }
        : null;
    case 'messageSent':
      return event.parting ? before : null;
    case 'controlReleased':
    case 'controlAssigned':
    case 'sessionEnded':
      return null;
    default:
      return before;
  }
}
