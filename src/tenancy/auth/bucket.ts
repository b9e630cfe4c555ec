import { LRUCache } from 'lru-cache';

/** How much may be used at once, and how fast it comes back. */
export interface Allowance {
  readonly atOnce: number;
  readonly perSecond: number;
}

/** A token bucket. Times are milliseconds of one clock that only goes forward. */
export class Bucket {
  #left: number;
  #at: number;

  constructor(
    private readonly allowance: Allowance,
    now: number,
  ) {
    this.#left = allowance.atOnce;
    this.#at = now;
  }

  /** `null`: one was taken. Else in how many seconds there will be one again. */
  take(now: number): number | null {
    const { atOnce, perSecond } = this.allowance;
    this.#left = Math.min(atOnce, this.#left + ((now - this.#at) / 1_000) * perSecond);
    this.#at = now;
    if (this.#left < 1) return (1 - this.#left) / perSecond;
    this.#left -= 1;
    return null;
  }
}

/** Buckets of one allowance, each by its name. Beyond `most` whoever took least lately begins anew. */
export class Buckets {
  readonly #kept: LRUCache<string, Bucket>;

  constructor(
    private readonly allowance: Allowance,
    most: number,
  ) {
    this.#kept = new LRUCache({ max: most });
  }

  /** As {@link Bucket.take}, of the bucket of that name. */
  take(name: string): number | null {
    const now = performance.now();
    const known = this.#kept.get(name);
    if (known !== undefined) return known.take(now);
    const made = new Bucket(this.allowance, now);
    this.#kept.set(name, made);
    return made.take(now);
  }
}
