/**
 * Where a consumer remembers what it has handled. Events are delivered at least once; an effect happens once when the
 * effect and the id are kept together.
 */
export interface Once<Tx> {
  /**
   * Runs `effect` unless this id was handled before. The id and what `effect` writes through `tx` are kept in one
   * transaction, or not at all. Answers whether it ran.
   */
  run(eventId: string, effect: (tx: Tx) => Promise<void>): Promise<boolean>;
  /**
   * The same for many ids in one transaction, with `handleAll`: `effect` gets those that are new. Answers how many they
   * were. A rejection undoes all of them; the kit then runs each by itself.
   */
  runAll?(eventIds: readonly string[], effect: (fresh: ReadonlySet<string>, tx: Tx) => Promise<void>): Promise<number>;
}

/**
 * Remembers the last ids in memory: for effects that may happen again after a restart (a log, a cache, a dashboard).
 * Anything that must happen once needs an `Once` over the store it happens in.
 */
export class RecentIds implements Once<undefined> {
  readonly #ids = new Set<string>();

  constructor(private readonly size = 100_000) {}

  async run(eventId: string, effect: (tx: undefined) => Promise<void>): Promise<boolean> {
    if (this.#ids.has(eventId)) return false;
    await effect(undefined);
    this.#ids.add(eventId);
    if (this.#ids.size > this.size) this.#forgetOldest();
    return true;
  }

  #forgetOldest(): void {
    for (const id of this.#ids) {
      this.#ids.delete(id);
      return;
    }
  }
}
