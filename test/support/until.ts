import { setTimeout as sleep } from 'node:timers/promises';

/**
 * How long a busy machine may take: a limit to give up at, which says nothing of how fast a thing should be. Shorter
 * where tests are run in order to fail (`npm run guards`).
 */
export const PATIENCE_MS = Number(process.env['SWITCHBOARD_TEST_PATIENCE_MS'] ?? 20_000);

export interface Patience {
  /** Default {@link PATIENCE_MS}. */
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
  { timeoutMs = PATIENCE_MS, what }: Patience,
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
