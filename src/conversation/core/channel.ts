import type { Load } from '../../agents/core/index.js';
import type { ChannelId, QueueId } from '../../kernel/index.js';

export type ChannelKind = 'web_widget' | 'in_app' | 'byoc' | 'whatsapp' | 'apple' | 'line' | 'facebook' | 'sms';

export type ChannelTier = 'standard' | 'enhanced';

/**
 * A service channel: where end users write, what can be done there and what its work weighs. What a kind can do is a
 * record, so nobody asks for the kind itself (`docs/rules.md` 0.2).
 */
export interface Channel {
  /** `null`: the app has set up none; the web widget with its defaults. */
  readonly id: ChannelId | null;
  readonly kind: ChannelKind;
  readonly tier: ChannelTier;
  readonly can: Capabilities;
  /** What a session of it asks of an agent; the capacity model is the channel's (K-1). */
  readonly load: Load;
  /** The end user's silence after which the session goes INACTIVE, in seconds, 300 to 1800; `null`: off (I-10). */
  readonly customerInactivitySeconds: number | null;
  /** Whether the end user must agree before the talk goes on (T7). */
  readonly optIn: 'none' | 'explicit';
  /** Where its sessions wait for an agent; `null`: the app's first queue, else nobody's. */
  readonly queueId: QueueId | null;
  /** After how many seconds a session that the business began ends without an answer (M-15, M-16). */
  readonly noResponseSeconds: number;
  /** Counts a session that an agent ended as work of this bucket from then on. */
  readonly agentEndedAs: 'messaging' | 'email';
}

export interface Capabilities {
  readonly agentEnd: boolean;
  /** End by the row menu of a list (M-9). */
  readonly rowEnd: boolean;
  readonly bulkEnd: boolean;
  readonly inactivate: boolean;
  /** `customerInactivitySeconds` may be set (I-11). */
  readonly inactivityTimeout: boolean;
  readonly endUserEnd: boolean;
  readonly businessStart: boolean;
  /** Ending from the window needs the chat licence and the rep permission instead of Messaging Agent (M-3, M-4). */
  readonly chat: boolean;
}

const DAY = 86_400;

/** The table of `docs/rules.md` 0.2; D1 lets bulk end on both tiers, D6 lets end users end in the web widget alone. */
export function capabilitiesOf(kind: ChannelKind, tier: ChannelTier): Capabilities {
  const enhanced = tier === 'enhanced';
  return {
    agentEnd: true,
    rowEnd: !enhanced,
    bulkEnd: true,
    inactivate: enhanced,
    inactivityTimeout: enhanced && (kind === 'web_widget' || kind === 'in_app' || kind === 'byoc'),
    endUserEnd: kind === 'web_widget',
    businessStart: kind !== 'web_widget',
    chat: kind === 'web_widget' || kind === 'in_app',
  };
}

/** 24 h on standard channels, 48 h on enhanced ones: never earlier, at most 54 h (M-15, M-16, `docs/rules.md` D10). */
export const usualNoResponseSeconds = (tier: ChannelTier): number => (tier === 'standard' ? DAY : 2 * DAY);

export const usualLoad: Load = {
  model: 'tab_based',
  weight: 1,
  percent: null,
  pausedWeight: 0,
  interruptible: false,
  bucket: 'messaging',
  countInactive: false,
  afterWork: null,
};

/** Calls under `/client/v1` are the web widget's unless the app says otherwise (`docs/rules.md` 2.2a). */
export const usualChannel: Channel = {
  id: null,
  kind: 'web_widget',
  tier: 'enhanced',
  can: capabilitiesOf('web_widget', 'enhanced'),
  load: usualLoad,
  customerInactivitySeconds: null,
  optIn: 'none',
  queueId: null,
  noResponseSeconds: usualNoResponseSeconds('enhanced'),
  agentEndedAs: 'messaging',
};
