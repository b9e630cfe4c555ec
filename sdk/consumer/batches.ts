import { setImmediate as turn } from 'node:timers/promises';

/** Gathers what arrives while earlier work is under way: many go together, a lone one waits for nobody. */
export class Batches<T> {
  #waiting: T[] = [];
  #running: Promise<void> | null = null;
  #roomMade: (() => void) | null = null;

  constructor(
    private readonly most: number,
    /** Must not reject. */
    private readonly work: (items: readonly T[]) => Promise<void>,
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
    // Lets in what arrived in the same read of the socket.
    await turn();
    while (this.#waiting.length > 0) {
      const items = this.#waiting;
      this.#waiting = [];
      this.#roomMade?.();
      this.#roomMade = null;
      await this.work(items);
    }
    this.#running = null;
  }
}
