import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';

/**
 * Gathers single statements into one for many: what arrives while a batch is under way goes with the next one. A write
 * to a socket costs more than a row, so this is worth it wherever many ask at once.
 */
export class Batch<In, Out> {
  readonly #waiting: {
    readonly input: In;
    readonly resolve: (out: Out) => void;
    readonly reject: (e: unknown) => void;
  }[] = [];
  #running = false;

  constructor(
    /** One answer per input, in their order. */
    private readonly run: (inputs: readonly In[]) => Promise<readonly Out[]>,
    private readonly most: number,
    /** How long the first of a batch waits for others; 0: for those of the same turn of the event loop. */
    private readonly gatherMs = 0,
  ) {}

  add(input: In): Promise<Out> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ input, resolve, reject });
      if (!this.#running) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      if (this.#waiting.length < this.most) await (this.gatherMs > 0 ? pause(this.gatherMs) : turn());
      const calls = this.#waiting.splice(0, this.most);
      try {
        const outs = await this.run(calls.map(({ input }) => input));
        calls.forEach(({ resolve }, index) => resolve(outs[index] as Out));
      } catch (error) {
        for (const { reject } of calls) reject(error);
      }
    }
    this.#running = false;
  }
}
