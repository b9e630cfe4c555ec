/** Probes and scrapes come from machines without keys, as many and as often as they like. */
const KEPT_MS = 1_000;

/**
 * `ask` for whoever may ask as often as they like: those who ask at the same time share one question, and those within
 * `keptMs` of its answer share that, a failure too.
 */
export function remembered<Answer>(ask: () => Promise<Answer>, keptMs = KEPT_MS): () => Promise<Answer> {
  let asked: Promise<Answer> | null = null;
  let staleAt = Infinity;
  return () => {
    if (asked !== null && performance.now() < staleAt) return asked;
    staleAt = Infinity;
    const answered = (): void => {
      staleAt = performance.now() + keptMs;
    };
    asked = ask();
    asked.then(answered, answered);
    return asked;
  };
}
