import { LRUCache } from 'lru-cache';
import { isPermanent, type Attempt } from './outcome.js';

/** Of one webhook. */
export interface Secrets {
  readonly secret: string;
  /** Secrets that were replaced and have not expired, oldest first. */
  readonly oldSecrets?: readonly string[];
}

/** What one request shows of a webhook's secrets. */
export interface Credentials {
  /** `x-api-key`, which holds one secret only. */
  readonly apiKey: string;
  /** Each signs; the one in `x-api-key` first, for receivers that look at one signature alone. */
  readonly signedBy: readonly string[];
}

const MOST_KNOWN = 10_000;

/**
 * Which of its secrets a webhook's receiver knows while one replaces the other. All of them sign every request, so whoever
 * checks signatures notices nothing. Who compares `x-api-key` is shown the oldest, which it knows since before the
 * rotation; if it says no, it may have moved on, and is shown the next within the same attempt. What it took last comes
 * first from then on.
 */
export class CredentialsKnown {
  readonly #taken = new LRUCache<string, string>({ max: MOST_KNOWN });

  /** In the order in which they are to be tried. */
  of({ secret, oldSecrets = [] }: Secrets): readonly [Credentials, ...Credentials[]] {
    const all = [...oldSecrets, secret];
    const taken = oldSecrets.length === 0 ? undefined : this.#taken.get(secret);
    const others = (one: string): string[] => all.filter((other) => other !== one);
    const first = all.find((one) => one === taken) ?? oldSecrets[0] ?? secret;
    const showing = (apiKey: string): Credentials => ({ apiKey, signedBy: [apiKey, ...others(apiKey)] });
    return [showing(first), ...others(first).map(showing)];
  }

  taken({ secret, oldSecrets = [] }: Secrets, { apiKey }: Credentials): void {
    if (oldSecrets.length > 0) this.#taken.set(secret, apiKey);
  }
}

/** Asks for time, or says that the server is not well: about the caller they say nothing. */
const NOT_ABOUT_THE_CALLER: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * The receiver says no, maybe because it does not know the caller: many say 404 or 400 then, so that nobody learns what
 * is there, or send the caller to a page for logging in.
 */
export const saysNo = (attempt: Attempt): boolean =>
  attempt.kind === 'answered' &&
  attempt.status >= 300 &&
  attempt.status < 500 &&
  !NOT_ABOUT_THE_CALLER.has(attempt.status);

const isUnknown = (attempt: Attempt): boolean =>
  attempt.kind === 'answered' && (attempt.status === 401 || attempt.status === 403);

/**
 * Of several noes to the same request the one that counts: what is worth another attempt, else what was said to a caller
 * that the receiver knows.
 */
export const countingOf = (noes: readonly [Attempt, ...Attempt[]]): Attempt =>
  noes.find((no) => !isPermanent(no)) ?? noes.find((no) => !isUnknown(no)) ?? noes[0];
