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

/** One line for a person: what went wrong, and what it came from, down to the first. */
export function withCauses(error: unknown): string {
  const messages: string[] = [];
  for (let at = error, depth = 0; at !== undefined && depth < DEEPEST; depth += 1) {
    const message = messageOf(at);
    if (!messages.some((one) => one.includes(message))) messages.push(message);
    at = types.isNativeError(at) ? at.cause : undefined;
  }
  return withoutPasswords(messages.join(': '));
}

/** Of several addresses that were tried, what each said: the whole has no message. */
function messageOf(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  const { errors } = error as { errors?: unknown };
  return error.message === '' && Array.isArray(errors) ? errors.map(messageOf).join(', ') : error.message;
}

/** `scheme://user:password@host` in a message of somebody else's. */
function withoutPasswords(text: string): string {
  return text.includes('://') ? text.replace(/(:\/\/)[^\s/@]+@/g, '$1[redacted]@') : text;
}
