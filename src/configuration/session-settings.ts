import type { AgentLayout, IdleAction, IdleRule, Settings } from '../conversation/core/index.js';

/** The part of an app's settings that is about the life of sessions, as it is stored and told (`docs/rules.md` 0.3). */
export interface StoredSessionSettings {
  /** 0: every end closes the conversation (`session_based`); `null`: messages join it for ever (`async`). */
  readonly reopenWithinSeconds: number | null;
  readonly chatEnabled: boolean;
  readonly agentLayout: AgentLayout;
  readonly endNoteToEndUser: boolean;
  readonly inactiveEndSeconds: number;
  readonly allowEndInactive: boolean;
  readonly botIdleSeconds: number | null;
  readonly endUserTokenSeconds: number | null;
  readonly idle: StoredIdle;
  readonly reminders: readonly StoredReminder[];
  readonly logoutEndsSessions: Settings['logoutEndsSessions'];
}

export type StoredIdle = Readonly<Record<'customer' | 'agent', StoredIdleRule>>;

export interface StoredIdleRule {
  readonly warnSeconds: number | null;
  readonly actSeconds: number | null;
  /** `end`, `inactivate`, `reroute`, or `bot:` and the name of a switchboard integration. */
  readonly action: string;
}

export interface StoredReminder {
  readonly afterSeconds: number;
  readonly text: string;
  readonly ticketStatus: 'pending' | 'solved' | null;
  readonly ends: boolean;
}

const off: StoredIdleRule = { warnSeconds: null, actSeconds: null, action: 'end' };

const HOUR = 3600;

export const defaultSessionSettings: StoredSessionSettings = {
  reopenWithinSeconds: null,
  chatEnabled: true,
  agentLayout: { sessionPanel: true, hideCustomerInactive: false },
  endNoteToEndUser: true,
  inactiveEndSeconds: 24 * HOUR,
  allowEndInactive: false,
  botIdleSeconds: 2 * HOUR,
  endUserTokenSeconds: null,
  idle: { customer: off, agent: off },
  reminders: [],
  logoutEndsSessions: 'always',
};

/** What is stored of an app may be older than a setting. */
export function idleSettings(stored: Partial<StoredIdle> | undefined): StoredIdle {
  return { customer: { ...off, ...stored?.customer }, agent: { ...off, ...stored?.agent } };
}

/** The same as decisions read them. */
export function decidingSessionSettings(settings: StoredSessionSettings): SessionSettings {
  return {
    reopenWithinSeconds: settings.reopenWithinSeconds,
    chatEnabled: settings.chatEnabled,
    agentLayout: settings.agentLayout,
    endNoteToEndUser: settings.endNoteToEndUser,
    inactiveEndSeconds: settings.inactiveEndSeconds,
    allowEndInactive: settings.allowEndInactive,
    botIdleSeconds: settings.botIdleSeconds,
    endUserTokenSeconds: settings.endUserTokenSeconds,
    idle: { customer: idleRule(settings.idle.customer), agent: idleRule(settings.idle.agent) },
    reminders: settings.reminders,
    logoutEndsSessions: settings.logoutEndsSessions,
  };
}

type SessionSettings = Pick<Settings, keyof StoredSessionSettings>;

const BOT = 'bot:';

function idleRule({ warnSeconds, actSeconds, action }: StoredIdleRule): IdleRule {
  return { warnSeconds, actSeconds, action: idleAction(action) };
}

function idleAction(text: string): IdleAction {
  if (text.startsWith(BOT)) return { do: 'bot', name: text.slice(BOT.length) };
  return text === 'inactivate' || text === 'reroute' ? { do: text } : { do: 'end' };
}
