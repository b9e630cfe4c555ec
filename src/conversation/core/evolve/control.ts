import type { SwitchboardIntegrationId } from '../../../kernel/index.js';
import { released, type Control, type Offer } from '../control.js';

type Si = SwitchboardIntegrationId;

export const heldBy = (active: Si | null): Control => (active === null ? released : { status: 'active', active });

/** The default responder takes its place; an offer to somebody else still stands. */
export function assigned(control: Control, to: Si): Control {
  return control.status === 'pending' && control.offer.to !== to ? { ...control, active: to } : heldBy(to);
}

export function offered(
  control: Control,
  { to, expiresAt, fallback, byHolder }: Omit<Offer, 'seq'>,
  seq: number,
): Control {
  const active = control.status === 'released' ? null : control.active;
  return { status: 'pending', active, offer: { to, seq, expiresAt, byHolder, fallback } };
}

export const withoutOffer = (control: Control): Control =>
  control.status === 'pending' ? heldBy(control.active) : control;

/** Without those that were deleted from the switchboard. */
export function withoutRemoved(control: Control, active: Si | null, pending: Si | null): Control {
  if (control.status === 'released') return control;
  const left = active === null ? control.active : null;
  return control.status === 'pending' && pending === null ? { ...control, active: left } : heldBy(left);
}
