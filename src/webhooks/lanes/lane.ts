import type { Endpoint } from '../sending/sender.js';
import type { LaneKey } from './delivery.store.js';

/**
 * What an owner remembers of a lane while it has undelivered rows: whose turn it is and when, never bodies; those are
 * paged in for the turn.
 */
export class Lane {
  /** Rows were committed since its page was read. */
  touched = false;
  /** Everything known of it was taken; what comes next waits from when it comes. */
  empty = false;
  /** The partition is ours no longer: nothing more may be sent from here. */
  lost = false;
  rest: NodeJS.Timeout | null = null;
  restUntil = 0;
  /** The head was sent at least once. */
  tried = false;
  /** Where the head was tried last, and in vain; `null`: not by us. */
  refusedAt: Endpoint | null = null;
  /** When the head is tried though its next attempt is not due, because a deadline is near; `null`: not at all. */
  lastTryAt: number | null = null;
  /** Its next turn begins with such a try. */
  lastTry = false;
  /** Since when the receiver has not taken the head, by monotonic time; `null`: its deadline, if it has one, is written. */
  waitingSince: number | null = performance.now();

  constructor(readonly key: LaneKey) {}

  /** Rows came, or control came to its receiver: that counts from here, unless something waits already. */
  beginWaiting(): void {
    if (this.empty || this.waitingSince === null) this.waitingSince = performance.now();
    this.empty = false;
  }

  /** Its turn came; until `takenAt` it waited for others, who were served. */
  beginTrying(takenAt: number): void {
    if (!this.tried && this.waitingSince !== null) this.waitingSince = Math.max(this.waitingSince, takenAt);
    this.tried = true;
  }
}

/** One string per lane, for maps. */
export function nameOf({ webhookId, lane }: LaneKey): string {
  return `${webhookId}:${lane}`;
}
