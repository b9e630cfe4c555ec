import { assertNever, type Millis } from '../../kernel/index.js';
import { holderOf, released } from './control.js';
import type { ConversationEvent } from './events.js';
import { answeringAfter } from './evolve/answering.js';
import { handOffsAfter, partingAfter } from './evolve/hand-offs.js';
import { assigned, heldBy, offered, withoutOffer, withoutRemoved } from './evolve/control.js';
import {
  declinedWork,
  joined,
  left,
  offeredWork,
  openedWork,
  overflowed,
  ownerOf,
  queued,
  ticketed,
} from './evolve/human.js';
import { active, consenting, counted, ended, ending, handledBy, inactive, startedSession } from './evolve/session.js';
import { surveyAsked, surveyDone } from './evolve/survey.js';
import { customerSpoke, handedOver, humanSpoke, idled, reminded } from './evolve/talk.js';
import type { Session } from './session.js';
import type { ConversationState } from './state.js';
import type { ControllerKind } from './world.js';

/** Folds one event; `at` is its time. `seq` rises by one for every event, `controlEpoch` when the holder changed. */
export function evolve(state: ConversationState, event: ConversationEvent, at: Millis): ConversationState {
  const answering = answeringAfter(state.answering, event, at);
  const handOffs = handOffsAfter(state.handOffs, event);
  const parting = partingAfter(state.parting, event, state.controlEpoch + 1);
  const next = { ...changed(state, event, at), answering, handOffs, parting, seq: state.seq + 1, lastEventAt: at };
  if (!hasMoved(state, next)) return next;
  return {
    ...next,
    controlEpoch: state.controlEpoch + 1,
    session: handedOver(next.session, at, isSameHolder(state, next)),
  };
}

/** Inside an agent workspace the holder is the agent: another one is another epoch. */
const hasMoved = (before: ConversationState, after: ConversationState): boolean =>
  !isSameHolder(before, after) || ownerOf(after.session) !== ownerOf(before.session);

const isSameHolder = (before: ConversationState, after: ConversationState): boolean =>
  holderOf(after.control) === holderOf(before.control);

function changed(state: ConversationState, event: ConversationEvent, at: Millis): ConversationState {
  const { control, session, messageCount } = state;
  switch (event.type) {
    case 'conversationStarted':
      return { ...state, lifecycle: 'open', channelId: event.channelId };
    case 'conversationClosed':
      return { ...state, lifecycle: 'closedToEndUser' };
    case 'conversationRemoved':
      return { ...state, lifecycle: 'removed', control: released };

    case 'messageReceived':
      return { ...state, session: customerSpoke(counted(session, 'endUser'), at), messageCount: messageCount + 1 };
    case 'messageSent': {
      const { senderKind, parting: isGone } = event;
      const spoken = senderKind === 'agent' && !isGone ? humanSpoke(session, at) : session;
      return { ...state, session: counted(spoken, senderKind ?? 'other'), messageCount: messageCount + 1 };
    }
    case 'endNoteWritten':
    case 'ticketNoteWritten':
      return { ...state, messageCount: messageCount + 1 };
    case 'messagesRemoved':
      return { ...state, messageCount: messageCount - event.count };

    case 'controlAssigned':
      return { ...state, control: assigned(control, event.to), session: heldByKind(session, event, at) };
    case 'controlPassed':
      return {
        ...state,
        control: heldBy(event.to),
        session: event.cause === 'sessionEnd' ? session : heldByKind(session, event, at),
      };
    case 'controlOffered':
      return { ...state, control: offered(control, event, state.seq + 1) };
    case 'controlAccepted':
      return { ...state, control: heldBy(event.to), session: heldByKind(session, event, at) };
    case 'controlDeclined':
    case 'offerExpired':
      return { ...state, control: withoutOffer(control) };
    case 'holderFailed':
      return {
        ...state,
        control: event.role === 'pending' ? withoutOffer(control) : control,
        messageCount: event.messageId === null ? messageCount : messageCount + 1,
      };
    case 'controlReleased':
      return { ...state, control: released };
    case 'holderRemoved':
      return { ...state, control: withoutRemoved(control, event.active, event.pending) };

    case 'sessionStarted':
      return { ...state, session: startedSession(event, at) };
    case 'consentRequested':
      return { ...state, session: consenting(session), messageCount: messageCount + 1 };
    case 'consentGiven':
      return { ...state, session: active(session), consented: true };
    case 'consentRefused':
      return { ...state, consented: false };
    case 'sessionAnswered':
    case 'sessionDequeued':
    case 'sessionReactivated':
      return { ...state, session: active(session) };
    case 'sessionQueued':
      return { ...state, session: queued(session, event, at) };
    case 'queueOverflowed':
      return { ...state, session: overflowed(session) };
    case 'workOffered':
      return { ...state, session: offeredWork(session, event, at) };
    case 'workDeclined':
      return { ...state, session: declinedWork(session, event) };
    case 'workOpened':
      return { ...state, session: openedWork(session, event, at) };
    case 'agentJoined':
      return { ...state, session: joined(session, event, at) };
    case 'agentLeft':
      return { ...state, session: left(session, event, at) };
    case 'sessionInactivated':
      return { ...state, session: inactive(session, at) };
    case 'sessionReminded':
      return {
        ...state,
        session: reminded(session, event.about, event.kind),
        messageCount: event.messageId === null ? messageCount : messageCount + 1,
      };
    case 'workIdled':
      return { ...state, session: idled(session, event.idle) };
    case 'ticketChanged':
      return { ...state, session: ticketed(session, event, at) };
    case 'surveyPosted':
      return surveyAsked(state, event);
    case 'surveyAnswered':
      return surveyDone(state, event);
    case 'sessionEnding':
      return { ...state, session: ending(session, event.end, event.postEnd) };
    case 'sessionEnded':
      return { ...state, session: ended(session, event.end, event.postEnd, at) };

    case 'workTransferred':
    case 'conversationChanged':
    case 'participantJoined':
    case 'participantLeft':
    case 'postbackReceived':
    case 'conversationRead':
    case 'controlFailed':
    case 'offersExhausted':
    case 'handOffLoopStopped':
    case 'replyOverdue':
    case 'sessionEndRequested':
      return state;
    default:
      return assertNever(event);
  }
}

/** An agent workspace handles nothing by itself: an agent has yet to come. */
function heldByKind(
  session: Session | null,
  { kind, queued: waits }: { readonly kind: ControllerKind; readonly queued: boolean },
  at: Millis,
): Session | null {
  return waits ? session : handledBy(session, kind, at);
}
