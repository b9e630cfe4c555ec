import { setTimeout as pause } from 'node:timers/promises';
import type { Partitions } from '../../ledger/index.js';
import { Batch } from '../../platform/postgres/index.js';
import { Troubles } from '../../platform/telemetry/index.js';
import type { DeliveryStore, Result } from './delivery.store.js';

const MOST_PER_BATCH = 500;
const PAUSE_MS = 100;
/** Only the next page of the same lane waits for it. */
const GATHER_MS = 5;

/** Writes results in batches, under the fence they were made under. */
export class Results {
  readonly #troubles = new Troubles(Results.name, {
    fails: 'results of deliveries cannot be written; it is tried again',
    over: 'results of deliveries are written again',
  });
  readonly #batch: Batch<Result, boolean>;

  constructor(
    private readonly store: DeliveryStore,
    private readonly partitions: Partitions,
  ) {
    this.#batch = new Batch((results) => this.write(results), MOST_PER_BATCH, GATHER_MS);
  }

  /** `false`: not written, because the partition is ours no longer. Its new owner repeats the attempt. */
  add(result: Result): Promise<boolean> {
    return this.#batch.add(result);
  }

  /** Tries for as long as it may: while PostgreSQL is away, until the leases run out by our own clock. */
  private async write(results: readonly Result[]): Promise<readonly boolean[]> {
    for (;;) {
      try {
        const written = await this.store.record(results);
        this.#troubles.over();
        return results.map(({ id }) => written.has(id));
      } catch (error) {
        this.#troubles.failed(error);
        const ours = results.some(({ partition, fence }) => this.partitions.fence(partition) === fence);
        if (!ours) return results.map(() => false);
        await pause(PAUSE_MS);
      }
    }
  }
}
