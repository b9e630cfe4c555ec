import type { AppId, ChannelId, IntegrationId, WebhookId } from '../kernel/index.js';
import type { Channel, Queue, Settings, Switchboard } from '../conversation/core/index.js';
import type { CsatSettings } from './csat-settings.js';
import type { NoteSettings } from './note-settings.js';

/**
 * The configuration of one app at one version: all that a decision and the rendering of its webhooks need of settings,
 * switchboard and webhooks. A command locks the app's row FOR SHARE, compares `version` and reloads a stale copy before
 * deciding, so a change of configuration is seen by the very next decision, everywhere.
 */
export interface AppConfiguration {
  readonly appId: AppId;
  readonly version: number;
  /** The app was deleted: nobody calls it any more; the house still ends its sessions. */
  readonly removed: boolean;
  readonly settings: AppSettings;
  /** Names of switchboard integrations that its settings were given before there was anywhere to look them up. */
  readonly namesAhead: readonly string[];
  readonly switchboard: Switchboard | null;
  readonly integrations: ReadonlyMap<IntegrationId, IntegrationSummary>;
  readonly webhooks: readonly WebhookSetting[];
  /** Oldest first. */
  readonly queues: readonly Queue[];
  readonly channels: ReadonlyMap<ChannelId, Channel>;
  /** Of conversations that name none; without channels of its own, the web widget with its defaults. */
  readonly defaultChannel: Channel;
}

export interface AppSettings extends Settings {
  /** The app's default for control errors: `strict` answers 400 (`Prefer: handling=strict` does so per call). */
  readonly controlErrors: 'lenient' | 'strict';
  readonly csat: CsatSettings;
  readonly notes: NoteSettings;
  readonly appLocalizationEnabled: boolean;
  readonly maskCreditCardNumbers: boolean;
  /** Whether end users without a name are called by one of ours. */
  readonly useAnimalNames: boolean;
  readonly metadataToEndUsers: boolean;
  readonly agentDisconnectGraceSeconds: number;
  readonly allowedOrigins: readonly string[];
}

export interface IntegrationSummary {
  readonly id: IntegrationId;
  readonly type: string;
  readonly displayName: string | null;
}

export interface WebhookSetting {
  readonly id: WebhookId;
  readonly integrationId: IntegrationId;
  readonly target: string;
  readonly triggers: ReadonlySet<string>;
  readonly includeFullUser: boolean;
  readonly includeFullSource: boolean;
}
