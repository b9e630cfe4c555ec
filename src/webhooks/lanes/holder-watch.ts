import { EMPTY, catchError, defer, exhaustMap, interval, type Subscription } from 'rxjs';
import type { WebhookId } from '../../kernel/index.js';
import { Troubles } from '../../platform/telemetry/index.js';
import type { Endpoints } from '../sending/endpoints.js';
import type { HolderWatchStore } from './holder-watch.store.js';
import type { Lanes } from './lanes.js';
import type { Stalled } from './untaken.js';

const EVERY_MS = 250;
/** What is taken sooner is nobody's failure. */
const STALLED_MS = 250;
const MOST_AT_ONCE = 500;
/** By then what is known of a receiver is newer than what it has not taken. */
const CERTAIN_MS = 1_500;

/** Nothing is written for what is taken in a tenth of the deadline: most of what is slow costs no row. */
const patienceOf = (deadlineSeconds: number): number => Math.min(3_000, Math.max(500, deadlineSeconds * 100));

/** How long before the deadline a receiver is tried for the last time: long enough to answer. */
const marginOf = (dueMs: number): number => Math.min(5_000, dueMs / 4);

/** Writes down, four times a second, what receivers have not taken for a while, so that holders among them get a deadline. */
export class HolderWatch {
  readonly #troubles = new Troubles(HolderWatch.name, {
    fails: 'deadlines of holders cannot be written; it is tried again',
    over: 'deadlines of holders are written again',
  });
  readonly #subscription: Subscription;

  constructor(
    private readonly store: HolderWatchStore,
    private readonly lanes: Lanes,
    private readonly endpoints: Endpoints,
  ) {
    this.#subscription = interval(EVERY_MS)
      // While PostgreSQL is away they stay stalled: the next look takes them again.
      .pipe(exhaustMap(() => defer(() => this.look()).pipe(catchError((error: unknown) => this.failed(error)))))
      .subscribe();
  }

  private failed(error: unknown): typeof EMPTY {
    this.#troubles.failed(error);
    return EMPTY;
  }

  stop(): void {
    this.#subscription.unsubscribe();
  }

  private async look(): Promise<void> {
    const overdue = await this.impatient([...this.lanes.stalled(STALLED_MS)]);
    for (let from = 0; from < overdue.length; from += MOST_AT_ONCE) {
      const some = overdue.slice(from, from + MOST_AT_ONCE);
      const deadlines = await this.store.watch(some.map(({ untaken }) => untaken));
      for (const { dueMs, ...key } of deadlines) this.lanes.tryOnceMore(key, Math.max(0, dueMs - marginOf(dueMs)));
      for (const { watched } of some) watched();
      this.#troubles.over();
    }
  }

  /**
   * Those that have waited for as long as the deadline of their receiver lets pass unnoticed. What was not sent yet waits
   * for a receiver that may take the next one any moment: its deadline is written when nothing was taken for all of it.
   */
  private async impatient(stalled: readonly Stalled[]): Promise<readonly Stalled[]> {
    const ids = [...new Set(stalled.map(({ untaken }) => untaken.webhookId))];
    const deadlines = new Map(await Promise.all(ids.map(async (id) => [id, await this.deadline(id)] as const)));
    const patienceWith = ({ untaken, sent }: Stalled) => {
      const seconds = deadlines.get(untaken.webhookId) ?? null;
      if (seconds === null) return Infinity;
      return sent ? patienceOf(seconds) : seconds * 1_000;
    };
    for (const one of stalled) {
      if (patienceWith(one) === Infinity && one.untaken.waitedMs > CERTAIN_MS) one.dismissed();
    }
    return stalled.filter((one) => one.untaken.waitedMs >= patienceWith(one));
  }

  private async deadline(id: WebhookId): Promise<number | null> {
    const endpoint = await this.endpoints.of(id).catch(() => null);
    return endpoint?.holderDeadlineSeconds ?? null;
  }
}
