import { SPREAD, sum, type RetryPolicy } from './retry-policy.js';

/** How one attempt ended, as the sender saw it. */
export type Attempt =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfterMs: number | null }
  /** No answer within the limit. */
  | { readonly kind: 'timeout' }
  /** Not connected, or cut before the answer's head was read. */
  | { readonly kind: 'failed'; readonly error: string }
  /** The target is an address that webhooks may not reach, or no URL at all. Nothing was sent. */
  | { readonly kind: 'forbidden'; readonly error: string };

/** What follows from it for the delivery. */
export type Verdict =
  | { readonly verdict: 'delivered' }
  | { readonly verdict: 'retry'; readonly afterMs: number; readonly why: string }
  | { readonly verdict: 'buried'; readonly why: string };

const NEVER_AGAIN: ReadonlySet<number> = new Set([400, 401, 403, 404, 406]);

export interface Tries extends RetryPolicy {
  /** Attempts made, this one included. */
  readonly made: number;
  /** Since the first attempt began. */
  readonly sinceFirstMs: number;
  /** 0 to 1: spreads retries that began together. */
  readonly chance: number;
}

/**
 * Any 2xx is success; 400, 401, 403, 404 and 406 end it at once; everything else is tried again (`docs/wire.md` 8), a
 * redirect and a forbidden target included: both are settings somebody may be about to mend.
 */
export function judge(attempt: Attempt, tries: Tries): Verdict {
  if (isSuccess(attempt)) return { verdict: 'delivered' };
  const why = reasonOf(attempt);
  if (isPermanent(attempt)) return { verdict: 'buried', why };
  const [delay, ...later] = tries.delaysMs.slice(tries.made);
  const left = tries.windowMs - tries.sinceFirstMs;
  if (delay === undefined || left <= 0) return { verdict: 'buried', why: `exhausted: ${why}` };
  const asked = attempt.kind === 'answered' ? (attempt.retryAfterMs ?? 0) : 0;
  // The spread takes nothing from the waits to come: a schedule that just fits into its window is kept to its end.
  const spread = Math.min(delay * SPREAD * tries.chance, Math.max(0, left - delay - sum(later)));
  return { verdict: 'retry', afterMs: Math.min(Math.max(delay + spread, asked), left), why };
}

export const isPermanent = (attempt: Attempt): boolean =>
  attempt.kind === 'answered' && NEVER_AGAIN.has(attempt.status);

export const isSuccess = (attempt: Attempt): boolean =>
  attempt.kind === 'answered' && attempt.status >= 200 && attempt.status < 300;

/** Stored as the delivery's last error and shown in the list of dead letters. */
export function reasonOf(attempt: Attempt): string {
  switch (attempt.kind) {
    case 'answered':
      return `status ${attempt.status}`;
    case 'timeout':
      return 'timeout';
    case 'failed':
    case 'forbidden':
      return `${attempt.kind}: ${attempt.error}`;
  }
}

/** `Retry-After` in seconds or as a date; `null` when it is absent or makes no sense. */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
