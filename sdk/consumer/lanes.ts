/** Works on many conversations at once, but within each one thing after another, in the order they came. */
export class Lanes {
  readonly #tails = new Map<string, Promise<void>>();
  #running = 0;
  #roomMade: (() => void) | null = null;

  constructor(private readonly limit: number) {}

  /** Resolves once there was room to take it, not when it is done. `work` must not reject. */
  async add(lane: string, work: () => Promise<void>): Promise<void> {
    while (this.#running >= this.limit) await new Promise<void>((resolve) => (this.#roomMade = resolve));
    this.#running += 1;
    const done = (this.#tails.get(lane) ?? Promise.resolve()).then(work).finally(() => this.#finished(lane, done));
    this.#tails.set(lane, done);
  }

  /** Resolves when nothing is left to do. */
  async idle(): Promise<void> {
    while (this.#tails.size > 0) await Promise.all(this.#tails.values());
  }

  #finished(lane: string, done: Promise<void>): void {
    this.#running -= 1;
    if (this.#tails.get(lane) === done) this.#tails.delete(lane);
    this.#roomMade?.();
    this.#roomMade = null;
  }
}
