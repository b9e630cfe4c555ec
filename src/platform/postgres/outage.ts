import { types } from 'node:util';
import { Failure } from '../../kernel/index.js';

/** Seconds after which a caller should try again while PostgreSQL cannot be reached. */
export const RETRY_AFTER_SECONDS = 2;

const SOCKET_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** 08: connection exceptions. 57P01-03: shut down, crashed, starting up. 53300: no connection left. */
const LINK_STATES = /^(08...|57P0[123]|53300)$/;

/** What `pg` says without a code when the link is gone. */
const LINK_WORDS =
  /Connection terminated|connection error and is not queryable|Client was closed|timeout exceeded when trying to connect|Cannot use a pool after/;

/** Whether an error says that the link to PostgreSQL is gone, rather than that PostgreSQL refused a statement. */
export function isOutage(error: unknown): boolean {
  if (!types.isNativeError(error)) return false;
  const { code, errors } = error as { code?: unknown; errors?: unknown };
  if (typeof code === 'string') return SOCKET_ERRORS.has(code) || LINK_STATES.test(code);
  if (Array.isArray(errors)) return errors.some(isOutage);
  return LINK_WORDS.test(error.message);
}

/** Nothing happened: PostgreSQL could not be reached. */
export function unavailable(cause: unknown): Failure {
  return new Failure('unavailable', 'The database cannot be reached. Try again shortly.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    cause,
  });
}

/** The link died after COMMIT was sent: it may have happened. */
export function outcomeUnknown(cause: unknown): Failure {
  return new Failure(
    'outcome_unknown',
    'The link to the database broke while the change was being committed. Read before you repeat it.',
    { retryAfterSeconds: RETRY_AFTER_SECONDS, cause },
  );
}
