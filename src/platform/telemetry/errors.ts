import { types } from 'node:util';

/** An error as the log shows it. */
export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly table?: string;
  readonly constraint?: string;
  readonly stack?: string;
  readonly cause?: LoggedError;
}

const DEEPEST = 4;

/**
 * What may be told of an error, by name: PostgreSQL adds whole rows to its own (`detail`, `where`), clients their
 * options, and either may hold what people wrote, or a secret.
 */
export function loggedError(error: unknown, depth = 1): LoggedError {
  if (!types.isNativeError(error)) return { type: typeof error, message: withoutPasswords(String(error)) };
  const { code, table, constraint } = error as { code?: unknown; table?: unknown; constraint?: unknown };
  return {
    type: error.constructor.name || error.name,
    message: withoutPasswords(error.message),
    ...(typeof code === 'string' && { code }),
    ...(typeof table === 'string' && { table }),
    ...(typeof constraint === 'string' && { constraint }),
    ...(error.stack !== undefined && { stack: withoutPasswords(error.stack) }),
    ...(error.cause !== undefined && depth < DEEPEST && { cause: loggedError(error.cause, depth + 1) }),
  };
}

/** `scheme://user:password@host` in a message of somebody else's. */
function withoutPasswords(text: string): string {
  return text.includes('://') ? text.replace(/(:\/\/)[^\s/@]+@/g, '$1[redacted]@') : text;
}
