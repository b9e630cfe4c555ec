import { createHash } from 'node:crypto';
import type { Author } from '../configuration/index.js';
import type { AppId } from '../kernel/index.js';
import { canonicalJson, type Json } from './canonical-json.js';

/** One line of an app's log, as it is hashed: exactly these names. */
export interface AuditEntry {
  readonly appId: AppId;
  /** From 1, without gaps. */
  readonly number: number;
  readonly id: string;
  /** Time of the database, `2026-03-01T10:00:00.120Z`. */
  readonly at: string;
  readonly by: Author;
  readonly requestId: string | null;
  readonly action: string;
  readonly subject: string;
  readonly before: Json;
  readonly after: Json;
}

export interface ChainedEntry extends AuditEntry {
  readonly hash: Buffer;
}

/** Where a chain stands: the number and hash of its last entry. */
export interface Link {
  readonly number: number;
  readonly hash: Buffer;
}

/** Before the first entry. */
export const START: Link = { number: 0, hash: Buffer.alloc(32) };

/**
 * The hash of an entry: SHA-256 over the 32 bytes of the hash before it and the entry as canonical JSON in UTF-8. It is
 * not keyed: whoever can rewrite the table can rewrite the rest of a chain, and is caught by a hash kept elsewhere.
 */
export function hashOf(previous: Buffer, entry: AuditEntry): Buffer {
  const { appId, number, id, at, by, requestId, action, subject, before, after } = entry;
  const { type, keyId, agentId } = by;
  const hashed: Json = {
    appId,
    number,
    id,
    at,
    by: { type, keyId, agentId },
    requestId,
    action,
    subject,
    before,
    after,
  };
  return createHash('sha256').update(previous).update(canonicalJson(hashed)).digest();
}

/** What is wrong with a chain, and at which number. */
export interface Break {
  readonly number: number;
  /** `missing`: there is no such entry. `altered`: its hash is not that of its words after the entry before it. */
  readonly reason: 'missing' | 'altered';
}

/** Follows `entries` on from `from`; answers how far the chain holds, and where it breaks first. */
export function follow(
  from: Link,
  entries: readonly ChainedEntry[],
): { readonly to: Link; readonly broken: Break | null } {
  let to = from;
  for (const entry of entries) {
    const number = to.number + 1;
    if (entry.number !== number) return { to, broken: { number, reason: 'missing' } };
    if (!hashOf(to.hash, entry).equals(entry.hash)) return { to, broken: { number, reason: 'altered' } };
    to = entry;
  }
  return { to, broken: null };
}
