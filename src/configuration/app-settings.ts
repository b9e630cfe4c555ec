import type { OnEnd } from '../conversation/core/index.js';
import type { AppSettings } from './app-configuration.js';
import { defaultNotes, type NoteSettings } from './note-settings.js';
import { defaultCsat, effectiveCsat, type CsatSettings } from './csat-settings.js';
import {
  decidingSessionSettings,
  defaultSessionSettings,
  idleSettings,
  type StoredSessionSettings,
} from './session-settings.js';

/** How `app.settings` is stored and told: Zendesk's names, and our own beside them (`docs/rules.md` 0.3). */
export interface StoredSettings extends StoredSessionSettings {
  readonly conversationRetentionSeconds: number;
  readonly maskCreditCardNumbers: boolean;
  readonly useAnimalNames: boolean;
  readonly echoPostback: boolean;
  readonly ignoreAutoConversationStart: boolean;
  /** What the platform says by itself is in the end user's language, not only in the app's default. */
  readonly appLocalizationEnabled: boolean;
  readonly multiConvoEnabled: boolean;
  readonly endSessionEnabled: boolean;
  readonly disableConversationReopen: boolean;
  readonly agentsCanEnd: boolean;
  readonly controlErrors: 'lenient' | 'strict';
  readonly endingMaxSeconds: number;
  /** End users see the metadata of their conversations and messages, which the business writes for itself. */
  readonly metadataToEndUsers: boolean;
  readonly onEnd: StoredOnEnd;
  readonly csat: CsatSettings;
  readonly notes: NoteSettings;
  /** How long a lost connection of an agent may stay away before they are offline, in seconds. */
  readonly agentDisconnectGraceSeconds: number;
  /** Of pages that may call the client API, exact or `https://*.example.org`; none by default. */
  readonly allowedOrigins: readonly string[];
}

/** `release`, or `pass:` and the name of a switchboard integration, by who ended. */
export type StoredOnEnd = Readonly<Record<'endUser' | 'agent' | 'bot' | 'system', string>>;

/** What an app has that never said otherwise. */
export const defaultSettings: StoredSettings = {
  conversationRetentionSeconds: 0,
  maskCreditCardNumbers: false,
  useAnimalNames: false,
  echoPostback: false,
  ignoreAutoConversationStart: false,
  appLocalizationEnabled: true,
  multiConvoEnabled: false,
  endSessionEnabled: false,
  disableConversationReopen: false,
  agentsCanEnd: true,
  controlErrors: 'lenient',
  endingMaxSeconds: 900,
  metadataToEndUsers: false,
  onEnd: { endUser: 'release', agent: 'release', bot: 'release', system: 'release' },
  csat: defaultCsat,
  notes: defaultNotes,
  agentDisconnectGraceSeconds: 60,
  allowedOrigins: [],
  ...defaultSessionSettings,
};

/** The same of an app that was there before: what came later is off until somebody turns it on (A-3). */
export const migratedSettings: StoredSettings = { ...defaultSettings, agentsCanEnd: false };

/** The settings that hold: what the app's row says, over the defaults. */
export function effectiveSettings(stored: Partial<StoredSettings>): StoredSettings {
  return {
    ...defaultSettings,
    ...stored,
    onEnd: { ...defaultSettings.onEnd, ...stored.onEnd },
    csat: effectiveCsat(stored.csat),
    notes: { ...defaultNotes, ...stored.notes },
    idle: idleSettings(stored.idle),
    agentLayout: { ...defaultSettings.agentLayout, ...stored.agentLayout },
  };
}

/** The same as decisions read them. */
export function decidingSettings(stored: Partial<StoredSettings>): AppSettings {
  const settings = effectiveSettings(stored);
  const { endUser, agent, bot, system } = settings.onEnd;
  return {
    ...decidingSessionSettings(settings),
    multiConvoEnabled: settings.multiConvoEnabled,
    endSessionEnabled: settings.endSessionEnabled,
    disableConversationReopen: settings.disableConversationReopen,
    agentsCanEnd: settings.agentsCanEnd,
    endingMaxSeconds: settings.endingMaxSeconds,
    controlErrors: settings.controlErrors,
    maskCreditCardNumbers: settings.maskCreditCardNumbers,
    useAnimalNames: settings.useAnimalNames,
    csat: settings.csat,
    notes: settings.notes,
    appLocalizationEnabled: settings.appLocalizationEnabled,
    metadataToEndUsers: settings.metadataToEndUsers,
    agentDisconnectGraceSeconds: settings.agentDisconnectGraceSeconds,
    allowedOrigins: settings.allowedOrigins,
    onEnd: { end_user: onEndOf(endUser), agent: onEndOf(agent), bot: onEndOf(bot), system: onEndOf(system) },
  };
}

const PASS = 'pass:';

function onEndOf(text: string): OnEnd {
  return text.startsWith(PASS) ? { mode: 'pass', to: text.slice(PASS.length) } : { mode: 'release' };
}
