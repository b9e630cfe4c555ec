import type { Millis } from '../../kernel/index.js';
import type { WebhookConfig } from '../../platform/config/config.js';

/** How often a delivery is tried, and within what time. */
export interface RetryPolicy {
  /** Wait before each attempt, the first 0; as many attempts as entries. */
  readonly delaysMs: readonly Millis[];
  /** The last attempt begins so long after the first at most, whatever the receiver asks for with `Retry-After`. */
  readonly windowMs: Millis;
}

/** What Sunshine Conversations gives five attempts (`docs/wire.md` 8). */
const LEAST_WINDOW_MS = 15 * 60_000;

/** Each wait may be a tenth longer, so that what began together does not stay together. */
export const SPREAD = 0.1;

/** Of webhooks without a policy of their own. The schedule is kept as it is set, so its window is as long as it takes. */
export function housePolicy({
  retryDelaysMs,
  timeoutMs,
}: Pick<WebhookConfig, 'retryDelaysMs' | 'timeoutMs'>): RetryPolicy {
  const takesMs = sum(retryDelaysMs) * (1 + SPREAD) + retryDelaysMs.length * timeoutMs;
  return { delaysMs: retryDelaysMs, windowMs: Math.max(LEAST_WINDOW_MS, takesMs) };
}

export const sum = (waits: readonly number[]): number => waits.reduce((total, wait) => total + wait, 0);
