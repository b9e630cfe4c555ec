import { Failure } from '../kernel/index.js';
import { readTime } from '../platform/clock/index.js';
import { filterOf, type Query } from '../platform/http/index.js';
import type { AuditFilter } from './audit.query.js';

const LONGEST = 200;

export const AUDIT_FILTERS = ['action', 'actor', 'subject', 'from', 'until'] as const;

/** @throws Failure `bad_request` for a time that is not ISO 8601 with a zone, and for words no entry could have */
export function auditFilter(query: Query): AuditFilter {
  const { action, actor, subject, from, until } = filterOf(query, AUDIT_FILTERS);
  return {
    action: wordOf(action),
    actor: wordOf(actor),
    subject: wordOf(subject),
    from: timeOf(from),
    until: timeOf(until),
  };
}

/** Where a verification begins: behind an entry, and the hash the caller kept of it. */
export interface Start {
  readonly number: number;
  readonly hash: Buffer | null;
}

/** @throws Failure `bad_request` for an `after` that is no number and a `hash` that is not 64 hex characters */
export function startOf({ after, hash }: Query): Start {
  const number = after === undefined ? 0 : Number(/^\d{1,15}$/.exec(String(after))?.[0] ?? Number.NaN);
  if (Number.isNaN(number)) throw new Failure('bad_request', 'after must be the number of an entry');
  if (hash === undefined) return { number, hash: null };
  if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/i.test(hash))
    throw new Failure('bad_request', 'hash must be 64 hexadecimal characters: the hash of the entry that after names');
  return { number, hash: Buffer.from(hash, 'hex') };
}

function wordOf(value: string | undefined): string | null {
  if (value === undefined) return null;
  if (value.length > LONGEST || value.includes('\0') || !value.isWellFormed()) throw invalid();
  return value;
}

function timeOf(value: string | undefined): Date | null {
  if (value === undefined) return null;
  const time = readTime(value);
  if (time === null) throw invalid();
  return time;
}

function invalid(): Failure {
  return new Failure('bad_request', 'Invalid query parameters');
}
