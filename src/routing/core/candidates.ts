import { canTake, capacityOf, type Agent, type Load } from '../../agents/core/index.js';
import type { Queue, QueueOrder } from '../../conversation/core/index.js';
import type { WaitingWork } from './waiting.js';

/**
 * Who may be asked for this session, who is asked first standing first. Those who said no in this round are asked again
 * only when nobody else is left (T12). Whether there is room is decided again under the lock.
 */
export function candidates(work: WaitingWork, queue: Queue | null, agents: readonly Agent[]): readonly Agent[] {
  const able = agents.filter((agent) => serves(agent, work, queue) && canTake(agent, work.load));
  const fresh = able.filter(({ id }) => !work.tried.includes(id));
  const rules = rulesOf(work, queue);
  return [...(fresh.length > 0 ? fresh : able)].sort((one, other) => compared(one, other, rules));
}

/** The agent is in one of the queue's teams and has every skill that queue and session ask for. */
export function serves({ profile }: Agent, { skills }: Pick<WaitingWork, 'skills'>, queue: Queue | null): boolean {
  const inTeam = !queue || queue.teams.length === 0 || queue.teams.some((team) => profile.teams.includes(team));
  return inTeam && [...(queue?.skills ?? []), ...skills].every((skill) => profile.skills.includes(skill));
}

/** Lower is asked first. */
type Rule = (agent: Agent) => number;

/** Whoever a colleague named comes before the queue's own order; who has been there longest breaks the last ties. */
function rulesOf(work: WaitingWork, queue: Queue | null): readonly Rule[] {
  const needed = new Set([...(queue?.skills ?? []), ...work.skills]);
  const rules: Readonly<Record<QueueOrder, Rule>> = {
    mostAvailable: (agent) => -roomOf(agent, work.load),
    leastActive: ({ work: items }) => items.length,
    skills: ({ profile }) => profile.skills.filter((skill) => !needed.has(skill)).length,
    lastAgent: ({ id }) => (id === work.lastAgent ? 0 : 1),
  };
  const order = queue?.order ?? ['mostAvailable'];
  return [
    ({ id }) => (id === work.preferred ? 0 : 1),
    ...order.map((name) => rules[name]),
    ({ presence }) => presence.since,
  ];
}

/** What is free in the pool that this work would count in. */
function roomOf(agent: Agent, { bucket, interruptible }: Load): number {
  const capacity = capacityOf(agent);
  const pool = capacity.buckets?.[bucket] ?? (interruptible ? capacity.interruptible : null) ?? capacity.primary;
  return pool.limit - pool.used;
}

function compared(one: Agent, other: Agent, rules: readonly Rule[]): number {
  for (const rule of rules) {
    const difference = rule(one) - rule(other);
    if (difference !== 0) return difference;
  }
  return one.id < other.id ? -1 : 1;
}
