import { assertNever, type Millis } from '../../kernel/index.js';
import { holderOf, released } from './control.js';
import type { ConversationEvent } from './events.js';
import { assigned, heldBy, offered, withoutOffer, withoutRemoved } from './evolve/control.js';
import { counted, ended, ending, handledBy, startedSession } from './evolve/session.js';
import type { ConversationState } from './state.js';

/** Folds one event; `at` is its time. `seq` rises by one for every event, `controlEpoch` when the holder changed. */
export function evolve(state: ConversationState, event: ConversationEvent, at: Millis): ConversationState {
  const next = { ...changed(state, event, at), seq: state.seq + 1, lastEventAt: at };
  const moved = holderOf(next.control) !== holderOf(state.control);
  return moved ? { ...next, controlEpoch: state.controlEpoch + 1 } : next;
}

function changed(state: ConversationState, event: ConversationEvent, at: Millis): ConversationState {
  const { control, session, messageCount } = state;
  switch (event.type) {
    case 'conversationStarted':
      return { ...state, lifecycle: 'open' };
    case 'conversationClosed':
      return { ...state, lifecycle: 'closedToEndUser' };
    case 'conversationRemoved':
      return { ...state, lifecycle: 'removed', control: released };

    case 'messageReceived':
      return { ...state, session: counted(session, 'endUser'), messageCount: messageCount + 1 };
    case 'messageSent':
      return { ...state, session: counted(session, event.senderKind ?? 'other'), messageCount: messageCount + 1 };
    case 'endNoteWritten':
      return { ...state, messageCount: messageCount + 1 };
    case 'messagesRemoved':
      return { ...state, messageCount: messageCount - event.count };

    case 'controlAssigned':
      return { ...state, control: assigned(control, event.to), session: handledBy(session, event.kind, at) };
    case 'controlPassed':
      return {
        ...state,
        control: heldBy(event.to),
        session: event.cause === 'command' ? handledBy(session, event.kind, at) : session,
      };
    case 'controlOffered':
      return { ...state, control: offered(control, event.to, state.seq + 1, event.expiresAt) };
    case 'controlAccepted':
      return { ...state, control: heldBy(event.to), session: handledBy(session, event.kind, at) };
    case 'controlDeclined':
    case 'offerExpired':
      return { ...state, control: withoutOffer(control) };
    case 'controlReleased':
      return { ...state, control: released };
    case 'holderRemoved':
      return { ...state, control: withoutRemoved(control, event.active, event.pending) };

    case 'sessionStarted':
      return { ...state, session: startedSession(event.sessionId, at, event.holderKind) };
    case 'sessionEnding':
      return { ...state, session: ending(session, event.end, event.postEnd) };
    case 'sessionEnded':
      return { ...state, session: ended(session, event.end, event.postEnd, at) };

    case 'conversationChanged':
    case 'participantJoined':
    case 'participantLeft':
    case 'postbackReceived':
    case 'conversationRead':
    case 'controlFailed':
    case 'sessionEndRequested':
      return state;
    default:
      return assertNever(event);
  }
}
