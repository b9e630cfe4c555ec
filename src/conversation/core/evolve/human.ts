import type { AgentId, Millis } from '../../../kernel/index.js';
import type { ConversationEvent } from '../events.js';
import { isLive } from '../session.js';
import type { HumanSide, Participation, Session, WaitingSession, WorkOffer } from '../session.js';
import { activeOf, facts, handledBy } from './session.js';

type Event<Type extends ConversationEvent['type']> = Extract<ConversationEvent, { type: Type }>;

const stranger = (requestedAt: Millis): HumanSide => ({
  owner: null,
  workItemId: null,
  lastAgent: null,
  queueId: null,
  requestedAt,
  load: null,
  routed: false,
  participants: [],
  ticket: null,
});

/** Whether an agent of an agent workspace handles the session. */
export const ownerOf = (session: Session | null): AgentId | null => session?.human?.owner ?? null;

export function queued(session: Session | null, event: Event<'sessionQueued'>, at: Millis): Session | null {
  if (!isLive(session)) return session;
  const { queueId, requestedAt, load, skills, preferred } = event;
  const waiting: WaitingSession = {
    ...facts(session),
    status: 'WAITING',
    human: { ...(session.human ?? stranger(requestedAt)), queueId, requestedAt, load },
    waiting: {
      since: at,
      skills,
      preferred,
      tried: [],
      offer: null,
      overflowed: false,
    },
  };
  return waiting;
}

export function overflowed(session: Session | null): Session | null {
  return session?.status === 'WAITING' ? { ...session, waiting: { ...session.waiting, overflowed: true } } : session;
}

/** Whoever was asked again after everybody was starts a new round (T12). */
export function offeredWork(session: Session | null, event: Event<'workOffered'>, at: Millis): Session | null {
  const offer: WorkOffer = {
    agentId: event.agentId,
    workItemId: event.workItemId,
    offeredAt: at,
    expiresAt: event.expiresAt,
  };
  if (session?.status === 'ACTIVE') return { ...session, transferring: offer };
  if (session?.status !== 'WAITING') return session;
  const { tried } = session.waiting;
  const round = tried.includes(event.agentId) ? [] : tried;
  return { ...session, waiting: { ...session.waiting, offer, tried: round } };
}

export function declinedWork(session: Session | null, { agentId }: Event<'workDeclined'>): Session | null {
  if (session?.status === 'ACTIVE') return { ...session, transferring: null };
  if (session?.status !== 'WAITING') return session;
  const tried = [...session.waiting.tried.filter((id) => id !== agentId), agentId];
  return { ...session, waiting: { ...session.waiting, offer: null, tried } };
}

export function openedWork(session: Session | null, event: Event<'workOpened'>, at: Millis): Session | null {
  if (!isLive(session)) return session;
  const { workItemId, load, queueId } = event;
  const known = session.human ?? stranger(at);
  const human = { ...known, workItemId, load, queueId, routed: known.routed || event.how !== 'assigned' };
  return handledBy({ ...activeOf(session), human }, 'agent', at);
}

export function joined(session: Session | null, event: Event<'agentJoined'>, at: Millis): Session | null {
  if (!isLive(session)) return session;
  const human = session.human ?? stranger(at);
  const { agentId, role } = event;
  const workItemId = role === 'agent' ? human.workItemId : null;
  const participants: readonly Participation[] = [
    ...human.participants,
    { agentId, role, workItemId, joinedAt: at, leftAt: null },
  ];
  const owned = role === 'agent' ? { owner: agentId, lastAgent: agentId } : {};
  return withHuman(session, { ...human, ...owned, participants });
}

export function left(session: Session | null, { agentId, role }: Event<'agentLeft'>, at: Millis): Session | null {
  if (!session?.human) return session;
  const participants = session.human.participants.map((one) =>
    one.agentId === agentId && one.role === role && one.leftAt === null ? { ...one, leftAt: at } : one,
  );
  const owned = role === 'agent' ? { owner: null, workItemId: null } : {};
  return withHuman(session, { ...session.human, ...owned, participants });
}

export function ticketed(session: Session | null, { ticket }: Event<'ticketChanged'>, at: Millis): Session | null {
  return session && withHuman(session, { ...(session.human ?? stranger(at)), ticket });
}

const withHuman = (session: Session, human: HumanSide): Session => ({ ...session, human }) as Session;
