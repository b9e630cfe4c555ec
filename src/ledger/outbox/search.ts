import { Troubles } from '../../platform/telemetry/index.js';
import { PAGE, type OutboxStore } from './outbox.store.js';
import type { OutboxRow } from './writer.js';
import type { Partitions } from '../partitions/partitions.js';

/** Rows of one conversation as the table has them: all unpublished ones, from the first to some last. */
export interface Found {
  readonly partition: number;
  readonly conversationId: string;
  /** Of the moment the table was asked. */
  readonly fence: number;
  readonly rows: readonly OutboxRow[];
  /** There may be more behind the last. */
  readonly more: boolean;
}

const CONVERSATIONS_PER_LOOK = 200;

/**
 * Looks for unpublished rows: by partition for the sweep, by conversation where a hand-over left a hole. One look at a
 * time; what is asked meanwhile is part of the next. While PostgreSQL is away nothing is found; the sweep asks again.
 */
export class Search {
  readonly #troubles = new Troubles(Search.name, {
    fails: 'events that wait in the outbox cannot be read; it is tried again',
    over: 'events that wait in the outbox are read again',
  });
  readonly #partitions = new Set<number>();
  readonly #conversations = new Map<string, number>();
  /** Where the walk through a partition stands that has more than a page. */
  readonly #places = new Map<number, string>();
  #running = false;
  #epoch = 0;

  constructor(
    private readonly store: OutboxStore,
    private readonly partitions: Partitions,
    private readonly found: (found: Found) => void,
  ) {}

  /** Whether the last looks left rows behind. */
  get unfinished(): boolean {
    return this.#places.size > 0;
  }

  /** The stream went back: what is being read may lack rows that are unpublished again. */
  forget(): void {
    this.#epoch += 1;
    this.#places.clear();
  }

  inPartitions(partitions: Iterable<number>): void {
    for (const partition of partitions) this.#partitions.add(partition);
    void this.run();
  }

  inConversation(conversationId: string, partition: number): void {
    this.#conversations.set(conversationId, partition);
    void this.run();
  }

  private async run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    // Whatever is asked in this turn of the event loop goes together.
    await new Promise(setImmediate);
    while (this.#partitions.size + this.#conversations.size > 0) {
      await this.lookInConversations()
        .then(() => this.lookInPartitions())
        .then(
          () => this.#troubles.over(),
          (error: unknown) => this.#troubles.failed(error),
        );
    }
    this.#running = false;
  }

  private async lookInConversations(): Promise<void> {
    const keys = [...this.#conversations].slice(0, CONVERSATIONS_PER_LOOK);
    if (keys.length === 0) return;
    for (const [conversationId] of keys) this.#conversations.delete(conversationId);
    const fences = this.fences(keys.map(([, partition]) => partition));
    const epoch = this.#epoch;
    const rows = await this.store.ofConversations(
      keys.map(([conversationId, partition]) => ({ conversationId, partition })),
    );
    if (epoch !== this.#epoch) return;
    this.tell(rows, fences, (of) => of.length === PAGE);
  }

  private async lookInPartitions(): Promise<void> {
    const fences = this.fences(this.#partitions);
    this.#partitions.clear();
    if (fences.size === 0) return;
    const after = new Map([...fences.keys()].map((partition) => [partition, this.#places.get(partition) ?? '']));
    const epoch = this.#epoch;
    const rows = await this.store.ofPartitions(after);
    if (epoch !== this.#epoch) return;
    const pages = Map.groupBy(rows, ({ partition }) => partition);
    for (const partition of after.keys()) {
      const page = pages.get(partition) ?? [];
      if (page.length < PAGE) this.#places.delete(partition);
      else this.#places.set(partition, page.at(-1)?.conversationId ?? '');
    }
    this.tell(rows, fences, (of) => of.at(-1) === pages.get(of[0]?.partition ?? -1)?.at(PAGE - 1));
  }

  private fences(partitions: Iterable<number>): Map<number, number> {
    const fences = new Map<number, number>();
    for (const partition of partitions) {
      const fence = this.partitions.fence(partition);
      if (fence !== null) fences.set(partition, fence);
    }
    return fences;
  }

  private tell(
    rows: readonly OutboxRow[],
    fences: ReadonlyMap<number, number>,
    isCut: (rows: readonly OutboxRow[]) => boolean,
  ): void {
    for (const [conversationId, of] of Map.groupBy(rows, (row) => row.conversationId)) {
      const partition = of[0]?.partition ?? -1;
      const fence = fences.get(partition);
      if (fence === undefined || this.partitions.fence(partition) !== fence) continue;
      this.found({ partition, conversationId, fence, rows: of, more: isCut(of) });
    }
  }
}
