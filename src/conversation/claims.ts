import { LRUCache } from 'lru-cache';
import type { Millis, UserId } from '../kernel/index.js';
import { addsTo, isIdentified, type Identification } from './identification.js';
import type { UserSnapshot } from './recorded.js';

const MOST_KNOWN = 50_000;
const KNOWN_MS = 3_600_000;

/**
 * What tokens said of end users and was written, so that two front ends which disagree about somebody do not write each
 * other's claim away at every call. What a user lacks is always written; that comes once.
 */
export class Claims {
  readonly #written: LRUCache<string, true>;

  /** A claim that keeps coming stays known; one that has not come for an hour may be new again. */
  constructor(now: () => Millis = () => performance.now() as Millis) {
    const options = { max: MOST_KNOWN, ttl: KNOWN_MS, ttlResolution: 0, updateAgeOnGet: true };
    this.#written = new LRUCache({ ...options, perf: { now } });
  }

  /** Whether a token says of the user what is neither known nor was said before. */
  areNews(user: UserSnapshot, by: Identification): boolean {
    if (isIdentified(user, by)) {
      this.wereWritten(user.id, by);
      return false;
    }
    return addsTo(user, by) || this.#written.get(keyOf(user.id, by)) !== true;
  }

  wereWritten(userId: UserId, by: Identification): void {
    // Without an e-mail there is nothing to disagree about.
    if (by.email !== null) this.#written.set(keyOf(userId, by), true);
  }
}

/** Only the e-mail is ever written over another: a name fills what is empty. */
const keyOf = (userId: UserId, { email }: Identification): string => JSON.stringify([userId, email]);
