import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';

/** Gathers what arrives while earlier work is under way, and a moment longer where asked to, so that many go together. */
export class Batches<T> {
  #waiting: T[] = [];
  #running: Promise<void> | null = null;
  #roomMade: (() => void) | null = null;

  constructor(
    private readonly most: number,
    /** Must not reject. */
    private readonly work: (items: readonly T[]) => Promise<void>,
    /** How long the first of a batch waits for others. 0: only for those that arrived with it. */
    private readonly gatherMs = 0,
  ) {}

  /** Resolves once there was room to take it, not when it is done. */
  async add(item: T): Promise<void> {
    while (this.#waiting.length >= this.most) await new Promise<void>((resolve) => (this.#roomMade = resolve));
    this.#waiting.push(item);
    this.#running ??= this.#run();
  }

  /** Resolves when nothing is left to do. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      if (this.#waiting.length < this.most) await (this.gatherMs > 0 ? pause(this.gatherMs) : turn());
      const items = this.#waiting;
      this.#waiting = [];
      this.#roomMade?.();
      this.#roomMade = null;
      await this.work(items);
    }
    this.#running = null;
  }
}
