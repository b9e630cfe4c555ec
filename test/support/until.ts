import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  /** Default 5,000. */
  readonly timeoutMs?: number;
  /** What is waited for, for the message when it does not come. */
  readonly what: string;
}

/**
 * Waits until `condition` answers something truthy, and answers that. A condition that throws has not come yet; its last
 * error is the cause of the failure.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 5_000, what }: Patience,
): Promise<Exclude<T, false | null | undefined | 0 | ''>> {
  const deadline = performance.now() + timeoutMs;
  let cause: unknown;
  do {
    try {
      const value = await condition();
      if (value) return value as Exclude<T, false | null | undefined | 0 | ''>;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await sleep(10);
  } while (performance.now() < deadline);
  throw new Error(`waited ${timeoutMs} ms in vain for: ${what}`, { cause });
}
