import type { Millis, SwitchboardIntegrationId } from '../../../kernel/index.js';
import type { AcceptControl, DeclineControl, ExpireOffer, OfferControl } from '../commands.js';
import { holderOf, pendingOf, type Fallback, type Offer } from '../control.js';
import type { Decision } from '../decision.js';
import type { Switchboard, SwitchboardIntegration } from '../world.js';
import { actsForAnybody, byId, isWorkspace, linkedTo, switchboardInUse, switchboardOutOfUse } from './callers.js';
import { accept, failControl, happened, refuse, type Draft } from './draft.js';
import { mayMoveWhileEnding, onlyTheHolderWhileEnding } from './ending.js';
import { offerDeadline, offerNext } from './offer-chain.js';
import { namedTarget } from './target.js';

/** `sunco.md` 10.4 rows 8 to 11. */
export function offerControl(draft: Draft, command: OfferControl): Decision {
  const switchboard = switchboardInUse(draft);
  if (!switchboard) return failControl(draft, command, 'offer', 'switchboard_invalid_action', switchboardOutOfUse);
  if (!mayMoveWhileEnding(draft, command.by)) {
    return failControl(draft, command, 'offer', 'switchboard_invalid_action', onlyTheHolderWhileEnding);
  }
  const target = namedTarget(switchboard, command.target);
  if (target.found === null) return failControl(draft, command, 'offer', 'switchboard_invalid_target', target.message);
  if (target.found === 'duplicate') return accept(draft);
  if (target.found.id === holderOf(draft.state.control)) {
    return failControl(draft, command, 'offer', 'switchboard_invalid_target', offeredToTheHolder);
  }
  const fallback = fallbackOf(draft, command, switchboard);
  if ('message' in fallback) {
    return failControl(draft, command, 'offer', 'switchboard_invalid_target', fallback.message);
  }
  return offerTo(draft, command, target.found, fallback.chain);
}

/** Everybody in the chain must be there when it is named; who is gone by their turn is passed over. */
function fallbackOf(
  draft: Draft,
  { fallback }: OfferControl,
  switchboard: Switchboard,
): { readonly chain: Fallback['chain'] | null } | { readonly message: string } {
  if (!fallback) return { chain: null };
  const chain: SwitchboardIntegrationId[] = [];
  for (const name of fallback) {
    const target = namedTarget(switchboard, name);
    if (target.found === null) return { message: target.message };
    if (target.found === 'duplicate') continue;
    if (target.found.id === holderOf(draft.state.control)) return { message: offeredToTheHolder };
    chain.push(target.found.id);
  }
  return { chain };
}

function offerTo(
  draft: Draft,
  { by, metadata, expiresInSeconds }: OfferControl,
  to: SwitchboardIntegration,
  chain: Fallback['chain'] | null,
): Decision {
  const pending = pendingOf(draft.state.control);
  return accept(
    happened(draft, {
      type: 'controlOffered',
      active: holderOf(draft.state.control),
      to: to.id,
      voided: pending === to.id ? null : pending,
      expiresAt: offerDeadline(draft.world, expiresInSeconds),
      metadata,
      fallback: chain === null ? null : { chain, expiresInSeconds, metadata },
      by,
    }),
  );
}

/** `sunco.md` 10.4 rows 12 to 14. */
export function acceptControl(asked: Draft, command: AcceptControl): Decision {
  if (!switchboardInUse(asked)) {
    return failControl(asked, command, 'accept', 'switchboard_invalid_action', switchboardOutOfUse);
  }
  const draft = expireIfDue(asked);
  const pending = pendingIn(draft);
  if (!mayAnswer(draft, command, pending)) return refuse(draft, { reason: 'forbidden', action: 'accept' });
  if (pending === null) return failControl(draft, command, 'accept', 'switchboard_invalid_action', nothingPending);

  const { by, metadata } = command;
  const from = holderOf(draft.state.control);
  return accept(
    happened(draft, {
      type: 'controlAccepted',
      from,
      to: pending.id,
      kind: pending.kind,
      queued: isWorkspace(pending),
      metadata,
      by,
    }),
  );
}

/** Ours: the mirror of accept, so that an invited desk can say no without waiting for a deadline. */
export function declineControl(asked: Draft, command: DeclineControl): Decision {
  if (!switchboardInUse(asked)) {
    return failControl(asked, command, 'decline', 'switchboard_invalid_action', switchboardOutOfUse);
  }
  const draft = expireIfDue(asked);
  const pending = pendingIn(draft);
  if (!mayAnswer(draft, command, pending)) return refuse(draft, { reason: 'forbidden', action: 'decline' });
  if (pending === null) return failControl(draft, command, 'decline', 'switchboard_invalid_action', nothingPending);

  const { by, metadata } = command;
  const { control } = draft.state;
  const declined = happened(draft, { type: 'controlDeclined', pending: pending.id, metadata, by });
  return accept(control.status === 'pending' ? offerNext(declined, control.offer, 'declined') : declined);
}

/** The timer's command. Any other offer, or none, is no business of this timer (I7: never early, never doubled). */
export function expireOffer(draft: Draft, command: ExpireOffer): Decision {
  const { control } = draft.state;
  const named = control.status === 'pending' && control.offer.seq === command.offerSeq;
  return accept(named ? expireIfDue(draft) : draft);
}

/** An offer past its deadline counts as none, also when its timer has not fired yet. */
function expireIfDue(draft: Draft): Draft {
  const { control } = draft.state;
  if (control.status !== 'pending' || !isDue(control.offer, draft.world.now)) return draft;
  const { offer } = control;
  return offerNext(happened(draft, { type: 'offerExpired', pending: offer.to, offerSeq: offer.seq }), offer, 'expired');
}

const isDue = (offer: Offer, now: Millis): boolean => offer.expiresAt !== null && offer.expiresAt <= now;

const pendingIn = (draft: Draft): SwitchboardIntegration | null => byId(draft, pendingOf(draft.state.control));

/** Only the invited one answers for itself; app keys answer for anybody. */
function mayAnswer(
  draft: Draft,
  command: AcceptControl | DeclineControl,
  pending: SwitchboardIntegration | null,
): boolean {
  return actsForAnybody(command.by) || (pending !== null && linkedTo(draft, command.by)?.id === pending.id);
}

const nothingPending = 'There is no pendingSwitchboardIntegration';
const offeredToTheHolder = 'Cannot offer control to the active switchboard integration.';
