import { isUtf8 } from 'node:buffer';
import { Failure } from '../../kernel/index.js';
import { InvalidInput } from './invalid-input.js';

/** `docs/wire.md` 1: the JSON limit is 100 kB. */
export const BODY_LIMIT = 100 * 1024;

/** Deeper than any body of the API, far from what would exhaust a stack. */
const DEEPEST = 32;

/**
 * Reads a JSON body. No bytes are no body, whatever the content type says (`docs/wire.md` 12.6).
 *
 * @throws InvalidInput for what is not JSON in UTF-8, and for what PostgreSQL or JSON of others could not hold: NUL,
 * half a surrogate pair, nesting beyond 32, keys that change a prototype.
 */
export function parseBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw new InvalidInput(['The body is not valid UTF-8']);
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new InvalidInput(['The body is not valid JSON']);
  }
  refuseUnstorable(body, 1);
  return body;
}

function refuseUnstorable(value: unknown, depth: number): void {
  if (typeof value === 'string') return refuseText(value);
  if (typeof value !== 'object' || value === null) return;
  if (depth > DEEPEST) throw new InvalidInput([`The body is nested more than ${DEEPEST} levels deep`]);
  if (Array.isArray(value)) {
    for (const item of value) refuseUnstorable(item, depth + 1);
    return;
  }
  for (const key of Object.keys(value)) {
    if (key === '__proto__') throw new InvalidInput(['The body must not have a key "__proto__"']);
    refuseText(key);
    refuseUnstorable((value as Record<string, unknown>)[key], depth + 1);
  }
}

function refuseText(text: string): void {
  if (!text.isWellFormed() || text.includes('\0')) throw unstorable('body');
}

/**
 * Refuses a target whose percent-encoding is broken or hides a NUL; a lone surrogate has no valid encoding.
 *
 * @throws Failure 400
 */
export function refuseTarget(url: string): void {
  if (!url.includes('%')) return;
  let decoded: string;
  try {
    decoded = decodeURIComponent(url);
  } catch {
    throw new InvalidInput(['The URL is not valid']);
  }
  if (decoded.includes('\0')) throw unstorable('URL');
}

function unstorable(where: string): Failure {
  return new InvalidInput([`The ${where} must not contain NUL characters or lone surrogates`]);
}
