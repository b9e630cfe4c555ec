import type { HolderDeadlines, Switchboard, SwitchboardIntegration } from '../conversation/core/index.js';
import type {
  AppId,
  ChannelId,
  IntegrationId,
  SwitchboardId,
  SwitchboardIntegrationId,
  WebhookId,
} from '../kernel/index.js';
import type { Row } from '../ledger/index.js';
import type { AppConfiguration, IntegrationSummary, WebhookSetting } from './app-configuration.js';
import { decidingSettings, type StoredSettings } from './app-settings.js';
import { channelOf, defaultChannelOf, queueOf } from './routing.of-row.js';

export function configurationOf(row: Row): AppConfiguration {
  const integrations = (row['integrations'] as readonly Row[]).map(integrationOf);
  const links = row['links'] as readonly Row[];
  const channels = row['channels'] as readonly Row[];
  return {
    appId: row['id'] as AppId,
    version: row['config_version'] as number,
    removed: row['removed'] as boolean,
    namesAhead: row['names_ahead'] as string[],
    settings: decidingSettings(row['settings'] as Partial<StoredSettings>),
    switchboard: row['switchboard'] === null ? null : switchboardOf(row['switchboard'] as Row, links, formerOf(row)),
    integrations: new Map(integrations.map((integration) => [integration.id, integration])),
    webhooks: (row['webhooks'] as readonly Row[]).map(webhookOf),
    queues: (row['queues'] as readonly Row[]).map(queueOf),
    channels: new Map(channels.map((channel) => [channel['id'] as ChannelId, channelOf(channel)])),
    defaultChannel: defaultChannelOf(channels),
  };
}

function switchboardOf(row: Row, links: readonly Row[], former: readonly IntegrationId[]): Switchboard {
  return {
    id: row['id'] as SwitchboardId,
    enabled: row['enabled'] as boolean,
    defaultId: row['default_id'] as SwitchboardIntegrationId | null,
    enforcement: row['control_enforcement'] as Switchboard['enforcement'],
    offerExpirySeconds: row['offer_expiry_seconds'] as number | null,
    failOverNote: row['fail_over_note'] as string | null,
    partingSeconds: row['parting_seconds'] as number,
    outsiders: row['outsiders'] as Switchboard['outsiders'],
    handOffLimit: row['hand_off_limit'] as number,
    integrations: links.map(linkOf),
    former,
  };
}

/** Integrations that were on the switchboard of this app and are not any more. */
function formerOf(row: Row): readonly IntegrationId[] {
  const linked = new Set((row['links'] as readonly Row[]).map((link) => link['integration_id']));
  const integrations = row['integrations'] as readonly Row[];
  const former = integrations.filter((one) => one['was_linked'] === true && !linked.has(one['id']));
  return former.map((one) => one['id'] as IntegrationId);
}

function linkOf(row: Row): SwitchboardIntegration {
  return {
    id: row['id'] as SwitchboardIntegrationId,
    name: row['name'] as string,
    integrationId: row['integration_id'] as IntegrationId,
    integrationType: row['integration_type'] as string,
    kind: row['kind'] as SwitchboardIntegration['kind'],
    deliverStandbyEvents: row['deliver_standby_events'] as boolean,
    nextId: row['next_id'] as SwitchboardIntegrationId | null,
    deadlines: {
      holderSeconds: row['holder_deadline_seconds'] as number | null,
      replySeconds: row['reply_deadline_seconds'] as number | null,
      replyAction: row['reply_deadline_action'] as HolderDeadlines['replyAction'],
    },
  };
}

function integrationOf(row: Row): IntegrationSummary {
  return {
    id: row['id'] as IntegrationId,
    type: row['type'] as string,
    displayName: row['display_name'] as string | null,
  };
}

function webhookOf(row: Row): WebhookSetting {
  return {
    id: row['id'] as WebhookId,
    integrationId: row['integration_id'] as IntegrationId,
    target: row['target'] as string,
    triggers: new Set(row['triggers'] as readonly string[]),
    includeFullUser: row['include_full_user'] as boolean,
    includeFullSource: row['include_full_source'] as boolean,
  };
}
