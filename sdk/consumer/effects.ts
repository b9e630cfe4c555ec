/** An effect did not settle in time. It is not waited for any longer, and whatever it comes to is not acknowledged. */
export class EffectTimeout extends Error {
  override readonly name = 'EffectTimeout';

  constructor(limitMs: number) {
    super(`the effect has not settled within ${limitMs} ms`);
  }
}

/** The effects that have begun and not settled: those under way, and those that nobody waits for any longer. */
export class Effects {
  readonly #running = new Map<symbol, { readonly eventId: string | null; readonly since: Date }>();

  constructor(private readonly limitMs: number) {}

  /**
   * Waits for an effect as long as it may take. Its signal is aborted with the same reason that this rejects with.
   *
   * @param eventId `null`: of many events at once.
   */
  async within<T>(eventId: string | null, effect: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    const { promise: tooLate, reject } = Promise.withResolvers<never>();
    const limit = setTimeout(() => {
      const timeout = new EffectTimeout(this.limitMs);
      abort.abort(timeout);
      reject(timeout);
    }, this.limitMs);
    const begun = Symbol('effect');
    this.#running.set(begun, { eventId, since: new Date() });
    const settled = (async () => effect(abort.signal))().finally(() => {
      clearTimeout(limit);
      this.#running.delete(begun);
    });
    return Promise.race([settled, tooLate]);
  }

  /** Whether an effect of this event has begun here and may still happen. */
  isUnsettled(eventId: string): boolean {
    return [...this.#running.values()].some((one) => one.eventId === eventId);
  }

  get oldestSince(): Date | null {
    const [oldest] = this.#running.values();
    return oldest?.since ?? null;
  }
}
