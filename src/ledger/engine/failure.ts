import { DatabaseError } from 'pg';
import { Failure } from '../../kernel/index.js';

/**
 * What to do with a group that certainly rolled back.
 *
 * - `halve`: one member is at fault (SQLSTATE 22, 23, 54, or our own code threw): both halves run again. Never one by
 *   one: a bad command among 64 costs 12 more transactions, not 64.
 * - `again`: PostgreSQL chose it as the victim (40): the same group once more.
 * - `locked`: a row is held (55P03): go on without those who need it.
 * - `requeue`: the link or the server is going away; the members go back to the queue.
 * - `exhausted`: the server has run out of disk, memory or another resource (53), or its system failed it (58): all are
 *   told to come back.
 * - `give_up`: nobody can repeat this with another result (a statement that is wrong).
 */
export type Remedy = 'halve' | 'again' | 'locked' | 'requeue' | 'exhausted' | 'give_up';

export function remedyFor(error: unknown): Remedy {
  if (error instanceof LinkLost) return 'requeue';
  if (!(error instanceof DatabaseError)) return 'halve';
  if (isFatal(error)) return 'requeue';
  const code = error.code ?? '';
  if (code === '55P03') return 'locked';
  switch (code.slice(0, 2)) {
    case '22':
    case '23':
    case '54':
      return 'halve';
    case '40':
      return 'again';
    case '25': // a standby, or a server that went read-only: another one may answer soon
    case '57': // cancelled, or shutting down
      return 'requeue';
    case '53':
    case '58':
      return 'exhausted';
    default:
      return 'give_up';
  }
}

/** The socket broke or our own deadline passed; what was in flight has no answer. */
export class LinkLost extends Error {
  override readonly name = 'LinkLost';
}

/** A statement that `pg` could not even send. The link is closed, so that the transaction rolls back. */
export class Unsendable extends Error {
  override readonly name = 'Unsendable';
}

/** Errors that end the session: they may arrive before or after the work was done, so they prove nothing. */
export function isFatal(error: unknown): boolean {
  return error instanceof DatabaseError && (error.severity === 'FATAL' || error.severity === 'PANIC');
}

/** Somebody else wrote the row first: a lone command that reads again will see it. */
export function isLostRace(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '23505';
}

const RETRY_AFTER_SECONDS = 1;

export function unavailable(title: string, cause?: unknown): Failure {
  return new Failure('unavailable', title, { retryAfterSeconds: RETRY_AFTER_SECONDS, cause });
}

/** How long one who has too much waiting is kept from asking again. */
const HELD_MS = 1_000;

export function tooManyWaiting(limit: number): Failure {
  const title = `${limit} commands of yours are already waiting in this conversation. Slow down and repeat.`;
  return new Failure('too_many_requests', title, { retryAfterSeconds: RETRY_AFTER_SECONDS, heldMs: HELD_MS });
}

export function tooManyOfApp(): Failure {
  const title = 'Too many commands of this app are waiting. Nothing happened; slow down and repeat.';
  return new Failure('unavailable', title, { retryAfterSeconds: RETRY_AFTER_SECONDS, heldMs: HELD_MS });
}

export function outcomeUnknown(cause: unknown): Failure {
  const title =
    'The connection to the database broke while the command was being committed; it may have happened. Read before repeating.';
  return new Failure('outcome_unknown', title, { retryAfterSeconds: RETRY_AFTER_SECONDS, cause });
}
