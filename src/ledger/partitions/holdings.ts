import type { Held } from './partitions.store.js';

interface Own {
  readonly fence: number;
  /** By `performance.now()`: nothing is sent after it. */
  deadline: number;
  /** Given up, and freed by then at the latest: what is under way may end under the old fence. `null`: it stays. */
  leaving: number | null;
}

/** The partitions this process holds, by its own monotonic clock. */
export class Holdings {
  readonly #own = new Map<number, Own>();

  /** While something may be sent for it; else `null`. */
  fence(partition: number): number | null {
    const own = this.#own.get(partition);
    return own === undefined || own.leaving !== null || performance.now() >= own.deadline ? null : own.fence;
  }

  /** All that is not freed yet. */
  held(): readonly Held[] {
    return [...this.#own].map(([partition, { fence }]) => ({ partition, fence }));
  }

  /** How many are to stay. */
  get staying(): number {
    return [...this.#own.values()].filter(({ leaving }) => leaving === null).length;
  }

  get anyLeaving(): boolean {
    return this.#own.size > this.staying;
  }

  take(claimed: readonly Held[], deadline: number): void {
    for (const { partition, fence } of claimed) this.#own.set(partition, { fence, deadline, leaving: null });
  }

  /** Answers those that were not renewed: ours no longer. */
  renewed(renewed: readonly Held[], deadline: number): readonly number[] {
    const fences = new Map(renewed.map(({ partition, fence }) => [partition, fence]));
    const gone: number[] = [];
    for (const [partition, own] of this.#own) {
      if (fences.get(partition) === own.fence) own.deadline = deadline;
      else gone.push(partition);
    }
    return gone;
  }

  /** Gives the last ones up, so that nothing new is begun for them. Answers which. */
  giveUp(surplus: number, until: number): readonly number[] {
    if (surplus <= 0) return [];
    const given = [...this.#own].filter(([, { leaving }]) => leaving === null).slice(-surplus);
    for (const [, own] of given) own.leaving = until;
    return given.map(([partition]) => partition);
  }

  /** What was given up and has nothing under way, or had time enough: its next owner begins that again. */
  toFree(underWay: ReadonlySet<number>): readonly Held[] {
    const now = performance.now();
    return [...this.#own]
      .filter(([partition, { leaving }]) => leaving !== null && (!underWay.has(partition) || now >= leaving))
      .map(([partition, { fence }]) => ({ partition, fence }));
  }

  expired(): readonly number[] {
    const now = performance.now();
    return [...this.#own].filter(([, { deadline }]) => now >= deadline).map(([partition]) => partition);
  }

  /** Answers those of them that were to stay. */
  forget(partitions: readonly number[]): readonly number[] {
    const stayed = partitions.filter((partition) => this.#own.get(partition)?.leaving === null);
    for (const partition of partitions) this.#own.delete(partition);
    return stayed;
  }
}
