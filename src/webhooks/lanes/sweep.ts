import { EMPTY, catchError, defer, exhaustMap, interval, map, merge, mergeMap, type Subscription } from 'rxjs';
import type { Partitions } from '../../ledger/index.js';
import { Troubles } from '../../platform/telemetry/index.js';
import { LANES_PER_LOOK, type DeliveryStore, type LaneKey } from './delivery.store.js';
import type { Lanes } from './lanes.js';
import type { Moves } from './moves.js';

const EVERY_MS = 1_000;

/**
 * The truth behind every hand-over: each second, and whenever partitions are gained or others committed into ours, looks
 * for lanes with undelivered rows. A partition with many lanes is walked in steps, so a large backlog costs no more per
 * second than a small one.
 */
export class Sweep {
  readonly #troubles = new Troubles(Sweep.name, {
    fails: 'deliveries that wait cannot be read; it is tried again',
    over: 'deliveries that wait are read again',
  });
  readonly #places = new Map<number, LaneKey | null>();
  readonly #subscription: Subscription;

  constructor(
    private readonly store: DeliveryStore,
    private readonly partitions: Partitions,
    private readonly lanes: Lanes,
    moves: Moves,
  ) {
    const hints = merge(partitions.gained.pipe(map((gained) => [...gained.keys()])), partitions.woken);
    this.#subscription = merge(
      interval(EVERY_MS).pipe(exhaustMap(() => this.look(partitions.owned(), (key) => this.lanes.found(key)))),
      interval(EVERY_MS).pipe(exhaustMap(() => defer(() => moves.follow()))),
      hints.pipe(mergeMap((hinted) => this.look(hinted, (key) => this.lanes.touch(key)), 4)),
      partitions.lost.pipe(map((lost) => this.lanes.lose(new Set(lost)))),
    ).subscribe();
  }

  stop(): void {
    this.#subscription.unsubscribe();
  }

  private look(among: readonly number[], tell: (key: LaneKey) => unknown) {
    // While PostgreSQL is away there is nothing to find; the next second looks again.
    return defer(() => this.find(among, tell)).pipe(
      catchError((error: unknown) => {
        this.#troubles.failed(error);
        return EMPTY;
      }),
    );
  }

  private async find(among: readonly number[], tell: (key: LaneKey) => unknown): Promise<void> {
    if (among.length === 0) return;
    const found = await this.store.lanes(new Map(among.map((partition) => [partition, this.place(partition)])));
    this.#troubles.over();
    const counts = new Map<number, number>();
    for (const key of found) {
      counts.set(key.partition, (counts.get(key.partition) ?? 0) + 1);
      if (this.partitions.fence(key.partition) !== null) tell(key);
      this.#places.set(key.partition, key);
    }
    // Less than a full step: the partition was walked to its end, so begin again.
    for (const partition of among) if ((counts.get(partition) ?? 0) < LANES_PER_LOOK) this.#places.delete(partition);
  }

  private place(partition: number): LaneKey | null {
    return this.#places.get(partition) ?? null;
  }
}
