import type { Millis, SwitchboardIntegrationId } from '../../../kernel/index.js';
import { holderOf, type Offer } from '../control.js';
import type { OfferFailure } from '../events.js';
import type { World } from '../world.js';
import { byId } from './callers.js';
import { happened, type Draft } from './draft.js';
import { isNoGoalWhileEnding } from './ending.js';

/**
 * An offer came to nothing. Where it named a chain the next one is invited, with a deadline of its own; at the end of
 * the chain the holder keeps control and an event says so. Without a chain nothing follows.
 */
export function offerNext(draft: Draft, { to, fallback, byHolder }: Offer, why: OfferFailure): Draft {
  if (fallback === null) return draft;
  const active = holderOf(draft.state.control);
  const [next, ...chain] = fallback.chain.filter((id) => id !== active && mayBeInvited(draft, id));
  if (next === undefined) return happened(draft, { type: 'offersExhausted', active, last: to, why });
  return happened(draft, {
    type: 'controlOffered',
    active,
    to: next,
    voided: null,
    expiresAt: offerDeadline(draft.world, fallback.expiresInSeconds),
    metadata: fallback.metadata,
    fallback: { ...fallback, chain },
    byHolder,
    by: { type: 'system' },
  });
}

function mayBeInvited(draft: Draft, id: SwitchboardIntegrationId): boolean {
  const one = byId(draft, id);
  return one !== null && !isNoGoalWhileEnding(draft, one);
}

/** `null` seconds: the switchboard's own deadline, if it has one. */
export function offerDeadline({ now, switchboard }: World, expiresInSeconds: number | null): Millis | null {
  const seconds = expiresInSeconds ?? switchboard?.offerExpirySeconds ?? null;
  return seconds === null ? null : now + seconds * 1000;
}
