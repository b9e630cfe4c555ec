import type { Remedy } from './failure.js';

/** What the engine tells about itself. Durations in milliseconds. Must return at once. */
export interface LedgerMetrics {
  group(size: number, durationMs: number): void;
  waited(durationMs: number): void;
  queued(commands: number): void;
  retried(cause: Remedy | 'ambiguous' | 'lost_race'): void;
  /** A row writer's hook broke its promise and threw. */
  hookFailed(error: unknown): void;
}

export const NO_METRICS: LedgerMetrics = {
  group: () => undefined,
  waited: () => undefined,
  queued: () => undefined,
  retried: () => undefined,
  hookFailed: () => undefined,
};
