import type { Lane } from './lane.js';

/** Lanes of one webhook that wait for their next attempt, maybe for hours. */
const MOST_OF_ONE = 20_000;
/** Of all webhooks together; less than a kilobyte each. */
const MOST_OF_ALL = 60_000;

/**
 * The lanes of one process that wait for their next attempt, by webhook. When all room is taken, a webhook with few takes
 * it from the one with the most: a webhook loses nothing as long as another has more.
 */
export class RestingRoom<Webhook> {
  readonly #lanes = new Map<Webhook, Set<Lane>>();
  #all = 0;

  constructor(
    private readonly mostOfOne = MOST_OF_ONE,
    private readonly mostOfAll = MOST_OF_ALL,
  ) {}

  of(webhook: Webhook): number {
    return this.#lanes.get(webhook)?.size ?? 0;
  }

  /** Answers whether it may rest; `leave` is told of whoever had to go for it. */
  admit(webhook: Webhook, lane: Lane, leave: (other: Lane) => void): boolean {
    if (this.of(webhook) >= this.mostOfOne) return false;
    if (this.#all >= this.mostOfAll) {
      const other = this.#ofTheMost(this.of(webhook) + 1);
      if (other === null) return false;
      leave(other);
    }
    const own = this.#lanes.get(webhook) ?? new Set();
    this.#lanes.set(webhook, own.add(lane));
    this.#all += 1;
    return true;
  }

  /** It wants its turn, or goes. */
  release(webhook: Webhook, lane: Lane): void {
    const own = this.#lanes.get(webhook);
    if (own?.delete(lane) !== true) return;
    this.#all -= 1;
    if (own.size === 0) this.#lanes.delete(webhook);
  }

  /** Of the webhook that has the most, and more than so many: the lane that rests longest. */
  #ofTheMost(moreThan: number): Lane | null {
    let most: Set<Lane> | null = null;
    for (const lanes of this.#lanes.values()) if (lanes.size > (most?.size ?? moreThan)) most = lanes;
    return most?.values().next().value ?? null;
  }
}
