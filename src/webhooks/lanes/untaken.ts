import type { LaneKey } from './delivery.store.js';
import { nameOf, type Lane } from './lane.js';
import type { Untaken } from './holder-watch.store.js';

/** Beyond these it is left to the sweep of deliveries to bring a lane back. */
const MOST = 10_000;

export interface Stalled {
  readonly untaken: Untaken;
  /** It was sent and not taken; else it waits behind others, for its turn. */
  readonly sent: boolean;
  /** To be called when its deadline is written. */
  watched(): void;
  /** Its receiver has no deadline; should it get one, that runs from now. */
  dismissed(): void;
}

/**
 * What receivers have not taken yet beside the lanes in memory: deliveries that were buried, and lanes that found no
 * room. By monotonic time since it began.
 */
export class OtherUntaken {
  readonly #entries = new Map<string, { readonly key: LaneKey; readonly deliveryId: string | null; since: number }>();

  add(key: LaneKey, deliveryId: string | null, since: number): void {
    const name = deliveryId ?? nameOf(key);
    if (this.#entries.size < MOST && !this.#entries.has(name)) this.#entries.set(name, { key, deliveryId, since });
  }

  lose(partitions: ReadonlySet<number>): void {
    for (const [name, { key }] of this.#entries) if (partitions.has(key.partition)) this.#entries.delete(name);
  }

  *stalled(forMs: number): Generator<Stalled> {
    const now = performance.now();
    for (const [name, { key, deliveryId, since }] of this.#entries) {
      if (now - since < forMs) continue;
      yield {
        untaken: { ...key, deliveryId, waitedMs: now - since },
        sent: deliveryId !== null,
        watched: () => this.#entries.delete(name),
        dismissed: () => this.#entries.delete(name),
      };
    }
  }
}

/** Lanes whose receiver has not taken the head for a while, each until it moves on or more is committed to it. */
export function* stalledLanes(
  lanes: Iterable<Lane>,
  forMs: number,
  notBefore: (lane: Lane) => number,
): Generator<Stalled> {
  const now = performance.now();
  for (const lane of lanes) {
    const since = lane.waitingSince;
    if (since === null) continue;
    const waitedMs = now - Math.max(since, notBefore(lane));
    if (waitedMs < forMs) continue;
    yield {
      untaken: { ...lane.key, deliveryId: null, waitedMs },
      sent: lane.tried,
      watched: () => {
        if (lane.waitingSince === since) lane.waitingSince = null;
      },
      dismissed: () => {
        if (lane.waitingSince === since) lane.waitingSince = now;
      },
    };
  }
}
