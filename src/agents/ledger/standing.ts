import type { Queued } from '../../ledger/index.js';
import type { GivenCommand } from './agent.request.js';

type Standing = Pick<Queued, 'caller' | 'urgency'>;

/** What timers and sweeps give. */
export const OF_THE_PLATFORM: Standing = { caller: 'system', urgency: 'system' };

/** Coming and going moves sessions: it does not wait behind what is written on them. */
const PRESENCE: ReadonlySet<GivenCommand['type']> = new Set([
  'login',
  'logout',
  'setStatus',
  'loseConnection',
  'regainConnection',
]);

/** Whose places in the queue a command takes, and who it goes before. */
export function standingOf(caller: string, { type }: GivenCommand): Standing {
  if (type === 'graceOver' || type === 'afterWorkOver') return OF_THE_PLATFORM;
  return { caller, urgency: PRESENCE.has(type) ? 'control' : 'usual' };
}
