import type { LinkRecord, SwitchboardRecord } from './switchboards.store.js';

/** `switchboard` of `sunco.md` 6.1, and our own settings of it. */
export function switchboardView(switchboard: SwitchboardRecord) {
  const { id, enabled, defaultId, controlEnforcement, offerExpirySeconds, failOverNote } = switchboard;
  return {
    id,
    enabled,
    ...(defaultId !== null && { defaultSwitchboardIntegrationId: defaultId }),
    controlEnforcement,
    ...(offerExpirySeconds !== null && { offerExpirySeconds }),
    failOverNote,
  };
}

/** `switchboardIntegration` of `sunco.md` 6.2, our `kind` and the deadlines of a holder. */
export function linkView({ nextId, ...link }: LinkRecord) {
  return { ...link, nextSwitchboardIntegrationId: nextId };
}

export type SwitchboardView = ReturnType<typeof switchboardView>;
export type LinkView = ReturnType<typeof linkView>;
