import type { Millis } from '../../../kernel/index.js';
import type { ConversationEvent } from '../events.js';
import { isLive } from '../session.js';
import type {
  ActiveSession,
  EndFacts,
  InactiveSession,
  LiveSession,
  MessageCounts,
  PostEnd,
  Session,
  SessionFacts,
} from '../session.js';
import type { ControllerKind } from '../world.js';
import { freshTalk } from './talk.js';

type Event<Type extends ConversationEvent['type']> = Extract<ConversationEvent, { type: Type }>;

export function startedSession(event: Event<'sessionStarted'>, startedAt: Millis): Session {
  const begun: SessionFacts = {
    id: event.sessionId,
    origin: event.origin,
    channelId: event.channelId,
    startedAt,
    acceptedAt: null,
    handledBy: [],
    messages: { endUser: 0, bot: 0, agent: 0, other: 0 },
    talk: freshTalk(startedAt),
    human: null,
  };
  if (event.origin !== 'inbound') return { ...begun, status: 'NEW' };
  const session: Session = { ...begun, status: 'ACTIVE', transferring: null };
  return event.holderKind === null ? session : handledBy(session, event.holderKind, startedAt);
}

/** Who holds control of a live session handles it; what comes after the end was asked is no handling. */
export function handledBy<S extends Session | null>(session: S, kind: ControllerKind, at: Millis): S {
  if (!isLive(session)) return session;
  return {
    ...session,
    handledBy: session.handledBy.includes(kind) ? session.handledBy : [...session.handledBy, kind],
    acceptedAt: kind === 'agent' ? (session.acceptedAt ?? at) : session.acceptedAt,
  };
}

export function counted<S extends Session | null>(session: S, author: keyof MessageCounts): S {
  if (!isLive(session) && session?.status !== 'ENDING') return session;
  return { ...session, messages: { ...session.messages, [author]: session.messages[author] + 1 } };
}

export function consenting(session: Session | null): Session | null {
  return isLive(session) ? { ...facts(session), status: 'CONSENT' } : session;
}

export function active(session: Session | null): Session | null {
  return isLive(session) ? activeOf(session) : session;
}

export const activeOf = (session: LiveSession): ActiveSession => ({
  ...facts(session),
  status: 'ACTIVE',
  transferring: null,
});

export function inactive(session: Session | null, since: Millis): Session | null {
  if (!isLive(session)) return session;
  const parked: InactiveSession = { ...facts(session), status: 'INACTIVE', since };
  return parked;
}

export function ending(session: Session | null, end: EndFacts, postEnd: PostEnd): Session | null {
  return session && { ...facts(session), status: 'ENDING', end, postEnd };
}

export function ended(
  session: Session | null,
  end: EndFacts,
  postEnd: PostEnd | null,
  endedAt: Millis,
): Session | null {
  return session && { ...facts(session), status: end.reason === 'error' ? 'ERROR' : 'ENDED', end, postEnd, endedAt };
}

/** What a session keeps from one status to the next. */
export function facts(session: Session): SessionFacts {
  const { id, origin, channelId, startedAt, acceptedAt, handledBy: kinds, messages, talk, human } = session;
  return { id, origin, channelId, startedAt, acceptedAt, handledBy: kinds, messages, talk, human };
}
