import type { Millis, SwitchboardIntegrationId } from '../../../kernel/index.js';
import type { AcceptControl, DeclineControl, ExpireOffer, OfferControl } from '../commands.js';
import { holderOf, pendingOf, type Fallback, type Offer } from '../control.js';
import type { Decision } from '../decision.js';
import type { Switchboard, SwitchboardIntegration } from '../world.js';
import {
  actsForAnybody,
  byId,
  isHolder,
  isWorkspace,
  linkedTo,
  switchboardInUse,
  switchboardOutOfUse,
} from './callers.js';
import { accept, failControl, happened, refuse, type Draft } from './draft.js';
import { conversationIsClosed, isNoGoalWhileEnding, noAgentsWhileEnding, whyControlStays } from './ending.js';
import { isLoop, stopLoop } from './hand-off-loop.js';
import { offerDeadline, offerNext } from './offer-chain.js';
import { partingUntil } from './parting.js';
import { namedTarget, nextOf, targetOf } from './target.js';

/** `docs/wire.md` 10.4 rows 8 to 11; `next` as in a pass. */
export function offerControl(asked: Draft, command: OfferControl): Decision {
  const switchboard = switchboardInUse(asked);
  if (!switchboard) return failControl(asked, command, 'offer', 'switchboard_invalid_action', switchboardOutOfUse);
  const stays = whyControlStays(asked, command.by);
  if (stays !== null) return failControl(asked, command, 'offer', 'switchboard_invalid_action', stays);

  const { draft, target } = targetOf(asked, command, switchboard);
  if (target.found === null) return failControl(draft, command, 'offer', 'switchboard_invalid_target', target.message);
  if (target.found === 'duplicate' || isRepeated(draft, command, target.found)) return accept(draft);
  const line = lineOf(draft, command, target.found, switchboard);
  if ('message' in line) return failControl(draft, command, 'offer', 'switchboard_invalid_target', line.message);
  return offerTo(draft, command, target.found, line.chain);
}

/** A caller that is known by its key says `next` again while its offer stands (`docs/wire.md` 10.3). */
const isRepeated = (draft: Draft, { by, target }: OfferControl, to: SwitchboardIntegration): boolean =>
  target === 'next' && linkedTo(draft, by) !== null && pendingOf(draft.state.control) === to.id;

/**
 * Everybody who would be invited in turn must be there when they are named; who is gone by their turn is passed over.
 * `next` in the line is the next of the one before.
 */
function lineOf(
  draft: Draft,
  { fallback }: OfferControl,
  first: SwitchboardIntegration,
  switchboard: Switchboard,
): { readonly chain: Fallback['chain'] | null } | { readonly message: string } {
  const refusal = whyNotInvited(draft, first);
  if (refusal !== null) return { message: refusal };
  if (!fallback) return { chain: null };
  const chain: SwitchboardIntegrationId[] = [];
  let last = first;
  for (const name of fallback) {
    const target = name === 'next' ? nextOf(draft, last) : namedTarget(switchboard, name);
    if (target.found === null) return { message: target.message };
    if (target.found === 'duplicate') continue;
    const message = whyNotInvited(draft, target.found);
    if (message !== null) return { message };
    last = target.found;
    chain.push(last.id);
  }
  return { chain };
}

function whyNotInvited(draft: Draft, to: SwitchboardIntegration): string | null {
  if (to.id === holderOf(draft.state.control)) return offeredToTheHolder;
  return isNoGoalWhileEnding(draft, to) ? noAgentsWhileEnding : null;
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
      byHolder: isHolder(draft, by),
      by,
    }),
  );
}

/** `docs/wire.md` 10.4 rows 12 to 14. */
export function acceptControl(asked: Draft, command: AcceptControl): Decision {
  if (!switchboardInUse(asked)) {
    return failControl(asked, command, 'accept', 'switchboard_invalid_action', switchboardOutOfUse);
  }
  if (asked.state.lifecycle === 'closedToEndUser') {
    return failControl(asked, command, 'accept', 'switchboard_invalid_action', conversationIsClosed);
  }
  const draft = expireIfDue(asked);
  const pending = pendingIn(draft);
  if (!mayAnswer(draft, command, pending)) return refuse(draft, { reason: 'forbidden', action: 'accept' });
  if (pending === null) return failControl(draft, command, 'accept', 'switchboard_invalid_action', nothingPending);
  if (isNoGoalWhileEnding(draft, pending)) {
    return failControl(draft, command, 'accept', 'switchboard_invalid_action', noAgentsWhileEnding);
  }
  if (isLoop(draft, command.by, pending)) return stopLoop(draft, command, 'accept', pending);

  const { by, metadata } = command;
  const { control } = draft.state;
  const from = holderOf(control);
  const own = control.status === 'pending' && control.offer.byHolder && from !== null;
  return accept(
    happened(draft, {
      type: 'controlAccepted',
      from,
      to: pending.id,
      kind: pending.kind,
      queued: isWorkspace(pending),
      metadata,
      partingUntil: own ? partingUntil(draft) : null,
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
