import type { Millis } from '../../kernel/index.js';
import type { Agent, Presence, PresenceStatus, WorkItem } from './agent.js';
import { afterWorkDone, namesOf, over, unchanged, withAgent, withItem, type Change } from './change.js';
import type { AgentCommand, AgentRefusal, Departure, OngoingWork } from './commands.js';
import type { PresenceCause } from './events.js';
import { isAfterWork } from './work.js';

/** A command half way: its change and who has to hear of it; a refusal instead changes nothing. */
export interface Step {
  readonly change: Change;
  readonly departures: readonly Departure[];
}

export type Outcome = Step | AgentRefusal;

const step = (change: Change): Step => ({ change, departures: [] });

/** Logging in where somebody is logged in already puts the other desk offline first, with all that follows (M-11). */
export function login(agent: Agent, { connection, status }: Of<'login'>, now: Millis): Outcome {
  if (!agent.profile.active) return { reason: 'agentInactive' };
  const { presence } = agent;
  if (presence.loggedIn && presence.connection === connection && presence.status !== 'offline')
    return regain(agent, now);
  const start = unchanged(agent);
  const replaced = presence.loggedIn && presence.connection !== connection;
  const { change, departures } = replaced ? goOffline(start, 'duplicate_login', now) : step(start);
  return { change: appear(change, { status, loggedIn: true, connection }, 'login', now), departures };
}

export function setStatus(agent: Agent, { status, cause }: Of<'setStatus'>, now: Millis): Outcome {
  const { presence } = agent;
  if (!presence.loggedIn) return status === 'offline' ? step(unchanged(agent)) : { reason: 'notLoggedIn' };
  if (presence.status === status) return step(unchanged(agent));
  if (status === 'offline') return goOffline(unchanged(agent), cause, now);
  const rested = agent.work.filter(isAfterWork).reduce(afterWorkDone, unchanged(agent));
  const { loggedIn, connection, graceUntil } = presence;
  return step(appear(rested, { status, loggedIn, connection, graceUntil }, cause, now));
}

/**
 * Two steps: who has ongoing sessions is told so and asked again; the confirmed one ends them
 * (M-14, `docs/rules.md` D2).
 */
export function logout(agent: Agent, { confirmed, endsSessions }: Of<'logout'>, now: Millis): Outcome {
  if (!agent.presence.loggedIn) return step(unchanged(agent));
  const ends = ({ status, load }: WorkItem): boolean =>
    status === 'open' &&
    (endsSessions === 'always' || (endsSessions === 'tab_based_only' && load.model === 'tab_based'));
  const left = leave(shortenAfterWork(unchanged(agent), now), 'logout', ends);
  const ongoing = agent.work.filter(({ status }) => status === 'open');
  const work = ongoing.map((item) => ({ ...item, becomes: becomesOf(item, left) }));
  if (work.length > 0 && !confirmed) return { reason: 'ongoingSessions', work };
  return { ...left, change: appear(left.change, OFFLINE, 'logout', now) };
}

/** Asked of what would be done, so that it cannot differ from it. */
function becomesOf({ id }: WorkItem, { departures }: Step): OngoingWork['becomes'] {
  const departure = departures.find(({ workItemId }) => workItemId === id);
  if (departure === undefined) return 'unchanged';
  return departure.what === 'end' ? 'ended' : 'waiting';
}

export function loseConnection(agent: Agent, { connection, graceSeconds }: Of<'loseConnection'>, now: Millis): Outcome {
  const { presence } = agent;
  const known = presence.loggedIn && presence.connection === connection;
  if (!known || presence.status === 'offline' || presence.graceUntil !== null) return step(unchanged(agent));
  const graceUntil = now + graceSeconds * 1000;
  return step(appear(unchanged(agent), { ...presence, graceUntil }, 'connection_lost', now));
}

export function regainConnection(agent: Agent, { connection }: Of<'regainConnection'>, now: Millis): Outcome {
  if (!agent.presence.loggedIn) return { reason: 'notLoggedIn' };
  return agent.presence.connection === connection ? regain(agent, now) : { reason: 'connectionReplaced' };
}

/** Back in time: nothing happened. Back too late, the agent is offline and says themselves when they want work. */
function regain(agent: Agent, now: Millis): Outcome {
  const { presence } = agent;
  if (presence.graceUntil === null) return step(unchanged(agent));
  return step(appear(unchanged(agent), { ...presence, graceUntil: null }, 'connection_back', now));
}

export function graceOver(agent: Agent, { until }: Of<'graceOver'>, now: Millis): Outcome {
  const due = agent.presence.graceUntil === until && until <= now;
  return due ? goOffline(unchanged(agent), 'grace_over', now) : step(unchanged(agent));
}

/** Offline for any reason but logging out: the same for all of them (M-11, M-12). Stays logged in. */
function goOffline(start: Change, cause: PresenceCause, now: Millis): Step {
  const rested = start.agent.work.filter(isAfterWork).reduce(afterWorkDone, start);
  const { change, departures } = leave(rested, 'offline', () => false);
  const { loggedIn, connection } = change.agent.presence;
  const gone = cause === 'deactivated' ? OFFLINE : ({ status: 'offline', loggedIn, connection } as const);
  return { change: appear(change, gone, cause, now), departures };
}

/**
 * Tab-based work goes: ended work at once (K-5), live work by its conversation. Status-based work goes where it ends, and
 * from an agent who will not be back.
 */
function leave(start: Change, why: 'offline' | 'logout', ends: (item: WorkItem) => boolean): Step {
  let change = start;
  const departures: Departure[] = [];
  const isGone = !start.agent.profile.active;
  for (const item of start.agent.work) {
    const tab = item.load.model === 'tab_based';
    if (item.status === 'over' && tab && item.tabOpen) change = over(change, item, false, why);
    if (ends(item)) departures.push({ ...namesOf(item), what: 'end' });
    else if (item.status === 'offered' || (item.status === 'open' && (tab || isGone))) {
      departures.push({ ...namesOf(item), what: 'detach' });
    }
  }
  return { change, departures };
}

/** who logs out mid-way keeps the work after a conversation for about a minute more. */
function shortenAfterWork(start: Change, now: Millis): Change {
  const atMost = now + LOGGED_OUT_AFTER_WORK_MS;
  return start.agent.work.filter(isAfterWork).reduce((change, item) => {
    if (item.afterWork === null || item.afterWork.until <= atMost) return change;
    const { extensions } = item.afterWork;
    return withItem(
      change,
      { ...item, afterWork: { until: atMost, extensions } },
      { type: 'afterWorkMoved', ...namesOf(item), until: atMost, extensions },
    );
  }, start);
}

/** Gone for good: no work, no token; what is left is as if they had gone offline, logged in or not. */
export function goneOrKnown(agent: Agent, { profile }: Of<'setProfile'>, now: Millis): Outcome {
  const changed = withAgent(unchanged(agent), { profile });
  const swept = changed.agent.work.reduce(
    (change, item) => (isLeftOver(item) ? over(change, item, item.tabOpen, 'ended') : change),
    changed,
  );
  if (profile.active || !agent.profile.active) return step(swept);
  return agent.presence.loggedIn ? goOffline(swept, 'deactivated', now) : leave(swept, 'offline', () => false);
}

const isLeftOver = ({ status, tabOpen }: WorkItem): boolean => status === 'over' && !tabOpen;

function appear(
  change: Change,
  next: { status: PresenceStatus; loggedIn: boolean; connection: string | null; graceUntil?: Millis | null },
  cause: PresenceCause,
  now: Millis,
): Change {
  const { status, loggedIn, connection, graceUntil = null } = next;
  const since = change.agent.presence.status === status ? change.agent.presence.since : now;
  const presence: Presence = { status, loggedIn, since, graceUntil, connection };
  return withAgent(change, { presence }, { type: 'presenceChanged', status, loggedIn, graceUntil, cause });
}

const OFFLINE = { status: 'offline', loggedIn: false, connection: null } as const;
const LOGGED_OUT_AFTER_WORK_MS = 60_000;

type Of<Type extends AgentCommand['type']> = Extract<AgentCommand, { type: Type }>;
