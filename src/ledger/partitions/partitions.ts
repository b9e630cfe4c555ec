import type { Observable } from 'rxjs';
import { PARTITIONS } from '../../kernel/index.js';

/**
 * Which of the 256 partitions this process may send for. Leases lie in PostgreSQL (table `lease`) and carry a fencing
 * number that rises at each change of owner. Lanes and relay share them.
 */
export abstract class Partitions {
  readonly #workers: (() => Iterable<number>)[] = [];

  /**
   * The fence of a partition while this process may send for it: its own monotonic clock says the lease still runs.
   * Asked before every send. `null`: not ours, or the lease ran out.
   */
  abstract fence(partition: number): number | null;
  /** Those this process may send for now. */
  owned(): readonly number[] {
    return Array.from({ length: PARTITIONS }, (_, partition) => partition).filter(
      (partition) => this.fence(partition) !== null,
    );
  }
  /** Partitions that became ours, with their fences: rebuild from the rows. */
  abstract readonly gained: Observable<ReadonlyMap<number, number>>;
  /** Partitions that are ours no longer: forget what lies in memory. */
  abstract readonly lost: Observable<readonly number[]>;
  /** Partitions of ours in which another process committed rows: look at the table. */
  abstract readonly woken: Observable<readonly number[]>;
  /** Tells the owners of these partitions that rows were committed; coalesced, at most one notification every 20 ms. */
  abstract wake(partitions: Iterable<number>): void;

  /** Whoever sends says for which partitions something is under way: one that is given up is freed behind it. */
  workedOnBy(underWay: () => Iterable<number>): void {
    this.#workers.push(underWay);
  }

  protected underWay(): ReadonlySet<number> {
    return new Set(this.#workers.flatMap((worker) => [...worker()]));
  }
}
