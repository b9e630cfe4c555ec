import type { Millis, SessionId } from '../../../kernel/index.js';
import type { EndFacts, MessageCounts, PostEnd, Session } from '../session.js';
import type { ControllerKind } from '../world.js';

export function startedSession(id: SessionId, startedAt: Millis, holderKind: ControllerKind | null): Session {
  const messages = { endUser: 0, bot: 0, agent: 0, other: 0 };
  const session: Session = { status: 'ACTIVE', id, startedAt, acceptedAt: null, handledBy: [], messages };
  return holderKind === null ? session : handledBy(session, holderKind, startedAt);
}

/** Who holds control of a live session handles it; what comes after the end was asked is no handling. */
export function handledBy<S extends Session | null>(session: S, kind: ControllerKind, at: Millis): S {
  if (session?.status !== 'ACTIVE') return session;
  return {
    ...session,
    handledBy: session.handledBy.includes(kind) ? session.handledBy : [...session.handledBy, kind],
    acceptedAt: kind === 'agent' ? (session.acceptedAt ?? at) : session.acceptedAt,
  };
}

export function counted(session: Session | null, author: keyof MessageCounts): Session | null {
  if (session?.status !== 'ACTIVE' && session?.status !== 'ENDING') return session;
  return { ...session, messages: { ...session.messages, [author]: session.messages[author] + 1 } };
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

function facts({ id, startedAt, acceptedAt, handledBy: kinds, messages }: Session) {
  return { id, startedAt, acceptedAt, handledBy: kinds, messages };
}
