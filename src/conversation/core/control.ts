import type { Metadata, Millis, SwitchboardIntegrationId } from '../../kernel/index.js';

/**
 * Who may answer the end user. Every switchboard integration not named here is on standby.
 * One holder at most, one pending at most, never the same one (I1): there is no way to write it down otherwise.
 */
export type Control =
  | { readonly status: 'released' }
  | { readonly status: 'active'; readonly active: SwitchboardIntegrationId }
  | {
      readonly status: 'pending';
      /** Keeps control until the offer is accepted; `null` when nobody held it as the offer was made. */
      readonly active: SwitchboardIntegrationId | null;
      readonly offer: Offer;
    };

export interface Offer {
  readonly to: SwitchboardIntegrationId;
  /** `seq` of the event that made the offer: names this offer among all others, so a late expiry hits no newer one. */
  readonly seq: number;
  /** `null`: it waits for ever, as in Sunshine Conversations (`docs/wire.md` 10.4 row 18). */
  readonly expiresAt: Millis | null;
  /** The holder itself invites, so it may still say its parting word once this is accepted. */
  readonly byHolder: boolean;
  /** Who is invited next if this one is not to be had; `null`: nobody was named. */
  readonly fallback: Fallback | null;
}

/** The chain of an offer, and what each of its invitations says. */
export interface Fallback {
  readonly chain: readonly SwitchboardIntegrationId[];
  readonly expiresInSeconds: number | null;
  readonly metadata: Metadata | null;
}

export const released: Control = { status: 'released' };

/** The holder, or `null` when nobody holds control. */
export const holderOf = (control: Control): SwitchboardIntegrationId | null =>
  control.status === 'released' ? null : control.active;

/** The one invited to take over, or `null`. */
export const pendingOf = (control: Control): SwitchboardIntegrationId | null =>
  control.status === 'pending' ? control.offer.to : null;
