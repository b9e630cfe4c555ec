import type { Agent, Bucket, Limits, Load, Ticket, WorkItem } from './agent.js';

/** What is used of one pool: units of weight, or work items in a bucket. `used` may exceed `limit` (K-7). */
export interface Pool {
  readonly used: number;
  readonly limit: number;
}

export interface Capacity {
  readonly primary: Pool;
  readonly interruptible: Pool | null;
  readonly buckets: Readonly<Partial<Record<Bucket, Pool>>> | null;
}

/** Open work items an agent can have at all (`docs/rules.md` 3.1). */
export const WORK_LIMIT = 100;

type PoolName = 'primary' | 'interruptible' | Bucket;

export function capacityOf({ profile: { limits }, work }: Pick<Agent, 'profile' | 'work'>): Capacity {
  const pool = (name: PoolName): Pool => ({ used: usedOf(work, limits, name), limit: limitOf(limits, name) });
  return {
    primary: pool('primary'),
    interruptible: limits.interruptible === null ? null : pool('interruptible'),
    buckets: limits.buckets && Object.fromEntries(bucketsIn(limits).map((bucket) => [bucket, pool(bucket)])),
  };
}

/**
 * Is there room for this now? Whether the agent is there at all is `mayBeOffered`'s question. Above the limit the answer
 * is no until it fits again (K-8).
 */
export function canTake({ profile: { limits }, work }: Pick<Agent, 'profile' | 'work'>, load: Load): boolean {
  if (work.length >= WORK_LIMIT) return false;
  const name = poolOf(limits, load);
  if (name === 'interruptible' && isFull(work, limits)) return false;
  const limit = limitOf(limits, name);
  const cost = costOf(load, limits);
  // A percentage of nothing would always fit.
  if (limit === 0 && (load.percent ?? 0) > 0) return false;
  return usedOf(work, limits, name) + cost <= limit + ROUNDING;
}

/** Logged in, connected and online (T12); `busy` and `away` keep what they have and get nothing new. */
export const mayBeOffered = ({ profile, presence }: Pick<Agent, 'profile' | 'presence'>): boolean =>
  profile.active && presence.loggedIn && presence.status === 'online' && presence.graceUntil === null;

/** Interruptible work is not offered while primary work fills the agent (K-11); who takes none is not full of it. */
const isFull = (work: readonly WorkItem[], limits: Limits): boolean =>
  limits.primary > 0 && usedOf(work, limits, 'primary') >= limits.primary - ROUNDING;

/** Every item counts in one pool: its bucket where that has a limit, else the interruptible or the primary one. */
function poolOf(limits: Limits, load: Load): PoolName {
  if (limits.buckets?.[load.bucket] !== undefined) return load.bucket;
  return load.interruptible && limits.interruptible !== null ? 'interruptible' : 'primary';
}

const isBucket = (name: PoolName): name is Bucket => name !== 'primary' && name !== 'interruptible';

const bucketsIn = ({ buckets }: Limits): readonly Bucket[] =>
  BUCKETS.filter((bucket) => buckets?.[bucket] !== undefined);

const BUCKETS: readonly Bucket[] = ['messaging', 'email', 'voice'];

const limitOf = (limits: Limits, name: PoolName): number =>
  (isBucket(name) ? limits.buckets?.[name] : limits[name]) ?? 0;

function usedOf(work: readonly WorkItem[], limits: Limits, name: PoolName): number {
  let used = 0;
  for (const item of work) if (poolOf(limits, item.load) === name) used += countOf(item, limits);
  return Number(used.toFixed(DECIMALS));
}

/** What an item takes of its pool now. Work that routing never assigned takes nothing (K-2). */
function countOf(item: WorkItem, limits: Limits): number {
  if (!item.automatic) return 0;
  return isBucket(poolOf(limits, item.load)) ? countInBucket(item) : countOfWeight(item, limits);
}

/** `docs/rules.md` 3.6: idle messaging work, ended work included, counts only under `countInactive`. */
function countInBucket({ status, idle, load, ticket, tabOpen }: WorkItem): number {
  if (status === 'offered' || status === 'afterWork') return 1;
  const over = status === 'over';
  if (load.bucket === 'messaging' && !load.countInactive && (idle || over || status === 'paused')) return 0;
  if (!over) return 1;
  // The ticket keeps it until it is solved; without one the tab does, as outside of buckets.
  if (ticket !== null) return isSolved(ticket) ? 0 : 1;
  return tabOpen && load.model === 'tab_based' ? 1 : 0;
}

const isSolved = ({ status }: Ticket): boolean => status === 'solved' || status === 'closed';

/** `docs/rules.md` 3.3. */
function countOfWeight({ status, tabOpen, load }: WorkItem, limits: Limits): number {
  switch (status) {
    case 'offered':
    case 'open':
    case 'afterWork':
      return costOf(load, limits);
    case 'paused':
      return load.pausedWeight;
    case 'over':
      return load.model === 'tab_based' && tabOpen ? costOf(load, limits) : 0;
  }
}

function costOf(load: Load, limits: Limits): number {
  const name = poolOf(limits, load);
  if (isBucket(name)) return 1;
  return load.percent === null ? load.weight : (limitOf(limits, name) * load.percent) / 100;
}

/** Nothing is left to do and nothing counts: the item leaves the agent's list. */
export const isFinished = (item: WorkItem, limits: Limits): boolean =>
  item.status === 'over' && !item.tabOpen && countOf(item, limits) === 0;

/** Fractions such as 0.1 add up to a hair more or less than they should. */
const DECIMALS = 6;
const ROUNDING = 1e-9;
