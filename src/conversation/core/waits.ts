import { later, type AgentId, type Millis } from '../../kernel/index.js';
import { holderOf } from './control.js';
import { replyDue } from './reply-due.js';
import type { ActiveSession, Session, WaitingSession } from './session.js';
import type { ConversationState } from './state.js';
import { queueById, type World } from './world.js';

/** A wait of a session, named by what it waits for: another offer, or another stay in the queue, is another wait. */
export interface SessionWait {
  readonly kind: SessionTimer;
  readonly subject: string;
}

export interface Wait {
  readonly kind: TimerKind;
  readonly subject: string;
  readonly due: Millis;
}

/** The timers of `docs/rules.md` 2.4. */
export type SessionTimer =
  | 'noResponse'
  | 'customerInactivity'
  | 'customerWarning'
  | 'customerIdle'
  | 'agentWarning'
  | 'agentIdle'
  | 'reminder'
  | 'bucketIdle'
  | 'inactiveEnd'
  | 'queueWait'
  | 'pushTimeout'
  | 'botIdle'
  | 'threadingWindow'
  | 'replyDeadline';

export type TimerKind = SessionTimer | 'offerExpiry' | 'endingDeadline';

const none: readonly Wait[] = [];

/**
 * What this conversation waits for, by when. Rows of the timer table follow from it: whoever changes the state changes
 * them by that alone, and there is nothing to cancel and nothing to forget.
 */
export function waitsOf(state: ConversationState, world: World): readonly Wait[] {
  const { control, session, lifecycle } = state;
  if (lifecycle === 'removed') return none;
  const offer = control.status === 'pending' ? control.offer : null;
  if (offer === null && session === null) return none;
  const waits: Wait[] = [];
  if (offer && offer.expiresAt !== null)
    waits.push({ kind: 'offerExpiry', subject: String(offer.seq), due: offer.expiresAt });
  if (session) waits.push(...sessionWaits(session, state, world));
  return waits;
}

function sessionWaits(session: Session, state: ConversationState, world: World): readonly Wait[] {
  const subject = session.id;
  switch (session.status) {
    case 'NEW':
      return wait('noResponse', subject, session.startedAt, world.channel.noResponseSeconds);
    case 'CONSENT':
      return none;
    case 'WAITING':
      return waitingWaits(session, world);
    case 'ACTIVE': {
      const waits = activeWaits(session, state, world);
      const due = replyDue(state, world);
      return due === null ? waits : [...waits, { kind: 'replyDeadline', subject, due }];
    }
    case 'INACTIVE':
      return wait('inactiveEnd', `${subject}:${session.since}`, session.since, world.settings.inactiveEndSeconds);
    case 'ENDING': {
      const { deadline } = session.postEnd;
      return deadline === null ? none : [{ kind: 'endingDeadline', subject, due: deadline }];
    }
    case 'ENDED':
    case 'ERROR':
      if (state.lifecycle !== 'open') return none;
      return wait('threadingWindow', subject, session.endedAt, world.settings.reopenWithinSeconds || null);
  }
}

function waitingWaits({ id, human, waiting }: WaitingSession, world: World): readonly Wait[] {
  const limit = waiting.overflowed ? null : (queueById(world, human.queueId)?.waitSeconds ?? null);
  const waits = [...wait('queueWait', `${id}:${waiting.since}`, waiting.since, limit)];
  if (waiting.offer && waiting.offer.expiresAt !== null) {
    waits.push({ kind: 'pushTimeout', subject: waiting.offer.workItemId, due: waiting.offer.expiresAt });
  }
  return waits;
}

function activeWaits(session: ActiveSession, state: ConversationState, world: World): readonly Wait[] {
  const holder = world.switchboard?.integrations.find(({ id }) => id === holderOf(state.control));
  if (holder?.kind === 'bot') {
    const since = later(session.talk.heldSince, session.talk.customerAt ?? 0);
    return wait('botIdle', session.id, since, world.settings.botIdleSeconds);
  }
  return holder?.kind === 'agent' ? humanWaits(session, world) : none;
}

/** Bots and the system start no clock: only a human's message does, and only while a human handles the session. */
function humanWaits({ id, talk, transferring, human }: ActiveSession, world: World): readonly Wait[] {
  const { settings, channel } = world;
  const { customer, agent } = settings.idle;
  const waits: Wait[] = [];
  if (talk.answeredAt !== null) {
    const since = talk.answeredAt;
    const inactivity = channel.can.inactivityTimeout ? channel.customerInactivitySeconds : null;
    waits.push(...wait('customerInactivity', id, since, inactivity));
    if (!talk.warned.customer) waits.push(...wait('customerWarning', id, since, customer.warnSeconds));
    waits.push(
      ...wait('customerIdle', id, since, customer.actSeconds),
      ...reminderWait(id, talk.reminded, since, world),
    );
  }
  if (talk.answeredAt !== null && !talk.idle && hasBuckets(human?.owner ?? null, world)) {
    waits.push(...wait('bucketIdle', id, talk.answeredAt, BUCKET_IDLE_SECONDS));
  }
  if (talk.askedAt !== null) {
    const since = later(talk.askedAt, connectedSince(human?.owner ?? null, world));
    if (!talk.warned.agent) waits.push(...wait('agentWarning', id, since, agent.warnSeconds));
    waits.push(...wait('agentIdle', id, since, agent.actSeconds));
  }
  if (transferring && transferring.expiresAt !== null) {
    waits.push({ kind: 'pushTimeout', subject: transferring.workItemId, due: transferring.expiresAt });
  }
  return waits;
}

/** After so long without an answer of the customer an item is idle to its bucket (`docs/rules.md` 3.6). */
const BUCKET_IDLE_SECONDS = 600;

const hasBuckets = (owner: AgentId | null, { agents }: World): boolean =>
  owner !== null && (agents.get(owner)?.profile.limits.buckets ?? null) !== null;

/** An agent who is not connected is not idle: the clock stands still until they are back (`docs/rules.md` 5.2). */
function connectedSince(owner: AgentId | null, { agents, now }: World): Millis {
  const presence = owner === null ? null : agents.get(owner)?.presence;
  if (!presence) return 0;
  return presence.status === 'offline' || presence.graceUntil !== null ? now : presence.since;
}

/** Reminders follow each other; each counts from the one before. */
function reminderWait(id: string, reminded: number, since: Millis, { settings }: World): readonly Wait[] {
  if (reminded >= settings.reminders.length) return none;
  const seconds = settings.reminders.slice(0, reminded + 1).reduce((sum, { afterSeconds }) => sum + afterSeconds, 0);
  return wait('reminder', `${id}:${reminded + 1}`, since, seconds);
}

const wait = (kind: SessionTimer, subject: string, since: Millis, seconds: number | null): readonly Wait[] =>
  seconds === null ? none : [{ kind, subject, due: since + seconds * 1000 }];
