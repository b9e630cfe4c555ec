import type { LinkRecord, SwitchboardRecord } from './switchboards.store.js';

/** `switchboard` of `sunco.md` 6.1, and our two settings of it. */
export function switchboardView({ id, enabled, defaultId, controlEnforcement, offerExpirySeconds }: SwitchboardRecord) {
  return {
    id,
    enabled,
    ...(defaultId !== null && { defaultSwitchboardIntegrationId: defaultId }),
    controlEnforcement,
    ...(offerExpirySeconds !== null && { offerExpirySeconds }),
  };
}

/** `switchboardIntegration` of `sunco.md` 6.2, and our `kind`. */
export function linkView({ nextId, ...link }: LinkRecord) {
  return { ...link, nextSwitchboardIntegrationId: nextId };
}

export type SwitchboardView = ReturnType<typeof switchboardView>;
export type LinkView = ReturnType<typeof linkView>;
