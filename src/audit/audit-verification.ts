import { Injectable } from '@nestjs/common';
import type { AppId } from '../kernel/index.js';
import { AuditQuery } from './audit.query.js';
import { follow, START, type Break, type Link } from './chain.js';

/** Read at once; a verification of many is a walk of such steps. */
const PIECE = 500;

/** How far a chain was followed and what was found. */
export interface Verification {
  /** The last entry that holds, with everything before it that was walked. */
  readonly to: Link;
  /** The end of the log was reached. `false` with nothing broken: go on from `to`. */
  readonly complete: boolean;
  /**
   * The first entry that is wrong. `unfinished`: the log says it ends elsewhere than its entries do, which is how
   * entries cut off or added behind our back show.
   */
  readonly broken: Fault | null;
}

type Fault = Break | { readonly number: number; readonly reason: 'unfinished' };

/** Walks an app's chain and says the first number that does not hold. */
@Injectable()
export class AuditVerification {
  constructor(private readonly log: AuditQuery) {}

  /**
   * Follows at most `most` entries from `from`. A hash that was kept elsewhere, given as `from`, also proves that
   * nobody wrote the whole chain anew. Entries that are appended meanwhile are left to the next walk.
   */
  async walk(appId: AppId, from: Link = START, most = Number.POSITIVE_INFINITY): Promise<Verification> {
    const end = await this.log.end(appId);
    const stored = await this.linkAt(appId, from.number);
    if (stored === null || !stored.hash.equals(from.hash))
      return brokenAt(from, from.number, stored === null ? 'missing' : 'altered');
    let to = from;
    while (to.number < end.number && to.number - from.number < most) {
      const limit = Math.min(PIECE, end.number - to.number, most - (to.number - from.number));
      const entries = await this.log.behind(appId, to.number, limit);
      const walked = follow(to, entries);
      if (walked.broken !== null) return { ...walked, complete: false };
      if (entries.length === 0) return brokenAt(to, to.number + 1, 'missing');
      ({ to } = walked);
    }
    if (to.number < end.number) return { to, complete: false, broken: null };
    const agreed = to.hash.equals(end.hash) && end.highest === end.number;
    return agreed ? { to, complete: true, broken: null } : brokenAt(to, to.number + 1, 'unfinished');
  }

  /** The entry a caller wants to begin behind, as it is stored; `null`: there is none. */
  async linkAt(appId: AppId, number: number): Promise<Link | null> {
    if (number === 0) return START;
    const hash = await this.log.hashAt(appId, number);
    return hash === null ? null : { number, hash };
  }
}

function brokenAt(to: Link, number: number, reason: Fault['reason']): Verification {
  return { to, complete: false, broken: { number, reason } };
}
