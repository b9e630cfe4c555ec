import type { LinkRecord, SwitchboardRecord } from './switchboards.store.js';

/** `switchboard` of `docs/wire.md` 6.1, and our own settings of it. */
export function switchboardView(switchboard: SwitchboardRecord) {
  const { defaultId, offerExpirySeconds, ...fields } = switchboard;
  return {
    ...fields,
    ...(defaultId !== null && { defaultSwitchboardIntegrationId: defaultId }),
    ...(offerExpirySeconds !== null && { offerExpirySeconds }),
  };
}

/** `switchboardIntegration` of `docs/wire.md` 6.2, our `kind` and the deadlines of a holder. */
export function linkView({ nextId, ...link }: LinkRecord) {
  return { ...link, nextSwitchboardIntegrationId: nextId };
}

export type SwitchboardView = ReturnType<typeof switchboardView>;
export type LinkView = ReturnType<typeof linkView>;
