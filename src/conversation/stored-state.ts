import { nobodyOwes, noHandOffs, type ConversationState, type Session } from './core/index.js';

/**
 * A state as its row holds it: without what is as usual. The row is read and written by every command, and most of a
 * session is zeros and nulls most of the time: half of its bytes, which each change also writes to the log.
 */
export function stored(state: ConversationState): object {
  const { answering, session } = state;
  return {
    ...unusual(state, USUAL),
    answering: unusual(answering, nobodyOwes),
    session: session === null ? null : storedSession(session),
  };
}

function storedSession(session: Session): object {
  return {
    ...unusual(session, session.status === 'ACTIVE' ? USUAL_ACTIVE : USUAL_SESSION),
    messages: unusual(session.messages, NO_MESSAGES),
    talk: unusual(session.talk, USUAL_TALK),
  };
}

/** What `stored` made of a state, or the whole of one as rows of earlier versions hold it. */
export function restored(row: unknown): ConversationState {
  const state = row as ConversationState;
  return {
    ...USUAL,
    ...state,
    answering: { ...nobodyOwes, ...state.answering },
    session: state.session === null ? null : restoredSession(state.session),
  };
}

/** The session in a row's state. */
export function restoredSession(row: unknown): Session {
  const session = row as Session;
  return {
    ...(session.status === 'ACTIVE' ? USUAL_ACTIVE : USUAL_SESSION),
    ...session,
    messages: { ...NO_MESSAGES, ...session.messages },
    talk: { ...USUAL_TALK, ...session.talk },
  } as Session;
}

const USUAL = { channelId: null, consented: false, parting: null, handOffs: noHandOffs };
const USUAL_SESSION = { origin: 'inbound', channelId: null, acceptedAt: null, human: null };
const USUAL_ACTIVE = { ...USUAL_SESSION, transferring: null };
const NO_MESSAGES = { endUser: 0, bot: 0, agent: 0, other: 0 };
const NO_RESPONSES = { count: 0, totalMs: 0, longestMs: 0 };
const USUAL_TALK = {
  customerAt: null,
  answeredAt: null,
  askedAt: null,
  reminded: 0,
  warned: { customer: false, agent: false },
  idle: false,
  agentResponses: NO_RESPONSES,
  customerResponses: NO_RESPONSES,
};

function unusual(value: object, usual: object): object {
  const rest: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(value)) {
    if (!isSame(part, (usual as Record<string, unknown>)[key])) rest[key] = part;
  }
  return rest;
}

/** Of plain values, and of lists and records of plain values. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  const [left, right] = [Object.entries(one), other as Record<string, unknown>];
  return left.length === Object.keys(right).length && left.every(([key, part]) => part === right[key]);
}
