import { LRUCache } from 'lru-cache';

/** Past this age what is held is read again behind the request that uses it; past `DEAD_MS` in front of it. */
const STALE_MS = 2_000;
const DEAD_MS = 4_000;
const MOST_HELD = 10_000;

interface Held<T> {
  readonly value: T | null;
  readonly readAt: number;
}

/**
 * What the database said of something at most four seconds ago, so that a request need not ask it: what is in use is
 * read about every two seconds.
 */
export class Fresh<T> {
  readonly #held = new LRUCache<string, Held<T>>({ max: MOST_HELD });
  readonly #reads = new Map<string, Promise<T | null>>();

  /** `read` is given what was held before; `null`: there is no such thing. */
  constructor(private readonly read: (id: string, before: T | null) => Promise<T | null>) {}

  /** At once when it is in memory. */
  find(id: string): T | null | Promise<T | null> {
    const held = this.#held.get(id);
    const age = held === undefined ? Number.POSITIVE_INFINITY : performance.now() - held.readAt;
    if (held === undefined || age > DEAD_MS) return this.readOnce(id);
    // A failed read is told by the request that finds it dead.
    if (age > STALE_MS) void this.readOnce(id).catch(() => undefined);
    return held.value;
  }

  /** After a change by this process. A read under way may bring the old back, for its four seconds at most. */
  forget(id: string): void {
    this.#held.delete(id);
    this.#reads.delete(id);
  }

  forgetWhere(changed: (value: T) => boolean): void {
    for (const [id, { value }] of this.#held) if (value !== null && changed(value)) this.forget(id);
  }

  /** One read at a time for each, however many requests wait for it. */
  private readOnce(id: string): Promise<T | null> {
    const under = this.#reads.get(id);
    if (under !== undefined) return under;
    const reading = this.readNow(id).finally(() => {
      if (this.#reads.get(id) === reading) this.#reads.delete(id);
    });
    this.#reads.set(id, reading);
    return reading;
  }

  private async readNow(id: string): Promise<T | null> {
    const readAt = performance.now();
    const value = await this.read(id, this.#held.get(id)?.value ?? null);
    this.#held.set(id, { value, readAt });
    return value;
  }
}
