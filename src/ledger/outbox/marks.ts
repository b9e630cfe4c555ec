import { setTimeout as pause } from 'node:timers/promises';
import { Troubles } from '../../platform/telemetry/index.js';
import type { Acknowledged, OutboxStore } from './outbox.store.js';

const MOST = 500;
const PAUSE_MS = 200;
/** Nobody waits for a mark: gathering a little saves a commit per event. */
const GATHER_MS = 40;

/** Marks acknowledged rows in batches, one batch at a time and in order, for as long as their fences hold. */
export class Marks {
  readonly #troubles = new Troubles(Marks.name, {
    fails: 'what the stream acknowledged cannot be marked as published; it is tried again',
    over: 'what the stream acknowledged is marked again',
  });
  #waiting: Acknowledged[] = [];
  #running: Promise<void> | null = null;
  #generation = 0;

  constructor(
    private readonly store: OutboxStore,
    private readonly owner: string,
    private readonly stream: string,
    private readonly holds: (partition: number, fence: number) => boolean,
    /** Room again. */
    private readonly eased: () => void,
    /** Fewer were marked than asked: a fence or the stream's mark is another. */
    private readonly refused: () => void,
  ) {}

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Of the rows that wait. */
  *partitions(): Generator<number> {
    for (const { row } of this.#waiting) yield row.partition;
  }

  add(acknowledged: Acknowledged): void {
    this.#waiting.push(acknowledged);
    this.#running ??= this.run().finally(() => (this.#running = null));
  }

  /** From now on for another state of the stream; what waits was acknowledged by one that is no more. */
  begin(generation: number): void {
    this.#generation = generation;
    this.#waiting = [];
  }

  async drained(): Promise<void> {
    while (this.#running) await this.#running;
  }

  private async run(): Promise<void> {
    while (this.#waiting.length > 0) {
      if (this.#waiting.length < MOST) await pause(GATHER_MS);
      const batch = this.#waiting.slice(0, MOST);
      try {
        const marked = await this.store.published(batch, this.owner, this.stream, this.#generation);
        if (marked < batch.length) this.refused();
        this.done(batch);
        this.#troubles.over();
      } catch (error) {
        this.#troubles.failed(error);
        await pause(PAUSE_MS);
        this.done(batch.filter(({ row, fence }) => !this.holds(row.partition, fence)));
      }
      this.eased();
    }
  }

  private done(batch: readonly Acknowledged[]): void {
    const gone = new Set(batch);
    this.#waiting = this.#waiting.filter((waiting) => !gone.has(waiting));
  }
}
