import type { AppConfiguration } from '../configuration/index.js';
import { channelView } from './channel-settings.js';
import type { IntegrationRecord } from './integrations.store.js';
import type { Webhook } from './webhooks.store.js';

/** An integration as the API tells it (`docs/wire.md` 6.6): `webhooks` of custom ones, `defaultResponder` and
 * settings of channels. */
export function integrationView(
  { id, type, status, displayName, defaultResponderId, settings }: IntegrationRecord,
  webhooks: readonly Webhook[],
  configuration: AppConfiguration,
) {
  const base = { ...channelView(type, settings), id, type, status, ...(displayName !== null && { displayName }) };
  if (type === 'custom') return { ...base, webhooks };
  const defaultResponder = responderOf(defaultResponderId, configuration);
  return defaultResponder === null ? base : { ...base, defaultResponder };
}

export type IntegrationView = ReturnType<typeof integrationView>;

function responderOf(chosen: IntegrationRecord['defaultResponderId'], { switchboard }: AppConfiguration) {
  const id = chosen ?? switchboard?.defaultId ?? null;
  const link = switchboard?.integrations.find((one) => one.id === id);
  if (link === undefined) return null;
  const { name, integrationId, integrationType, deliverStandbyEvents, nextId } = link;
  return {
    name,
    integrationId,
    integrationType,
    deliverStandbyEvents,
    nextSwitchboardIntegrationId: nextId,
    inherited: chosen === null,
  };
}
