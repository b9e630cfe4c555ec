/**
 * Gathers single calls into one call for many: what arrives while a batch is under way goes with the next one, so a
 * lone call waits for nobody.
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
  ) {}

  add(input: In): Promise<Out> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ input, resolve, reject });
      if (!this.#running) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#running = true;
    // Lets everybody who calls in this tick come along.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
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
