import { EMPTY, catchError, defer, exhaustMap, interval, type Subscription } from 'rxjs';
import type { HolderWatchStore } from './holder-watch.store.js';
import type { Lanes } from './lanes.js';

const EVERY_MS = 250;
/** What is taken sooner is nobody's failure, and costs no row. */
const STALLED_MS = 500;
const MOST_AT_ONCE = 500;

/** How long before the deadline a receiver is tried for the last time: long enough to answer. */
const marginOf = (dueMs: number): number => Math.min(5_000, dueMs / 4);

/** Writes down, four times a second, what receivers have not taken for a while, so that holders among them get a deadline. */
export class HolderWatch {
  readonly #subscription: Subscription;

  constructor(
    private readonly store: HolderWatchStore,
    private readonly lanes: Lanes,
  ) {
    this.#subscription = interval(EVERY_MS)
      // While PostgreSQL is away they stay stalled: the next look takes them again.
      .pipe(exhaustMap(() => defer(() => this.look()).pipe(catchError(() => EMPTY))))
      .subscribe();
  }

  stop(): void {
    this.#subscription.unsubscribe();
  }

  private async look(): Promise<void> {
    for (;;) {
      const stalled = this.lanes.stalled(STALLED_MS, MOST_AT_ONCE);
      const deadlines = stalled.length === 0 ? [] : await this.store.watch(stalled.map(({ untaken }) => untaken));
      for (const { dueMs, ...key } of deadlines) this.lanes.tryOnceMore(key, Math.max(0, dueMs - marginOf(dueMs)));
      for (const { watched } of stalled) watched();
      if (stalled.length < MOST_AT_ONCE) return;
    }
  }
}
