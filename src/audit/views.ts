import type { ChainedEntry } from './chain.js';
import type { Verification } from './audit-verification.js';

/** An entry as the API and the export tell it. Without its `hash` it is what was hashed (`docs/audit.md`). */
export function entryView({ hash, ...entry }: ChainedEntry) {
  return { ...entry, hash: hash.toString('hex') };
}

export function verificationView(after: number, { to, complete, broken }: Verification) {
  const end = { number: to.number, hash: to.hash.toString('hex') };
  return {
    after,
    walked: to.number - after,
    complete,
    broken,
    last: end,
    ...(!complete && broken === null && { next: { after: end.number, hash: end.hash } }),
  };
}
