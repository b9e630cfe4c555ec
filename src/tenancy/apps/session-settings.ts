import type {
  StoredIdle,
  StoredIdleRule,
  StoredReminder,
  StoredSessionSettings,
  StoredSettings,
} from '../../configuration/index.js';
import { Failure } from '../../kernel/index.js';

/** What a PATCH may name of the life of sessions; idle rules merge one by one, reminders come all together. */
export interface SessionSettingsPatch extends Partial<Omit<StoredSessionSettings, 'idle' | 'reminders'>> {
  readonly conversationPolicy?: 'async' | 'session_based';
  readonly idle?: { readonly [Side in keyof StoredIdle]?: Partial<StoredIdleRule> };
  readonly reminders?: readonly ReminderPatch[];
}

type ReminderPatch = Pick<StoredReminder, 'afterSeconds' | 'text'> & Partial<StoredReminder>;

/**
 * What a patch says of settings that are more than one value.
 *
 * @throws Failure `bad_request` when it says in two ways how long a conversation stays open
 */
export function patchedSession(
  settings: StoredSessionSettings,
  { conversationPolicy, reopenWithinSeconds, idle, reminders }: SessionSettingsPatch,
): Pick<StoredSessionSettings, 'reopenWithinSeconds' | 'idle' | 'reminders'> {
  if (conversationPolicy !== undefined && reopenWithinSeconds !== undefined)
    throw refused('Name conversationPolicy or reopenWithinSeconds, not both: the first stands for null or 0');
  const named = conversationPolicy === undefined ? reopenWithinSeconds : WITHIN[conversationPolicy];
  return {
    reopenWithinSeconds: named === undefined ? settings.reopenWithinSeconds : named,
    idle: {
      customer: { ...settings.idle.customer, ...idle?.customer },
      agent: { ...settings.idle.agent, ...idle?.agent },
    },
    reminders: reminders?.map(reminderOf) ?? settings.reminders,
  };
}

const WITHIN = { async: null, session_based: 0 } as const;

const reminderOf = ({ afterSeconds, text, ticketStatus = null, ends = false }: ReminderPatch): StoredReminder => ({
  afterSeconds,
  text,
  ticketStatus,
  ends,
});

/**
 * What depends on another setting.
 *
 * @throws Failure `bad_request`, naming the field
 */
export function requireSessionSense(settings: StoredSettings): void {
  for (const side of ['customer', 'agent'] as const) {
    const { warnSeconds, actSeconds } = settings.idle[side];
    if (warnSeconds !== null && actSeconds !== null && warnSeconds >= actSeconds)
      throw refused(`idle.${side}.warnSeconds must be less than idle.${side}.actSeconds`);
  }
  if (settings.reminders.slice(0, -1).some(({ ends }) => ends))
    throw refused('reminders: only the last one may end the session');
  if (settings.disableConversationReopen && settings.reopenWithinSeconds)
    throw refused('reopenWithinSeconds needs disableConversationReopen to be false');
}

function refused(title: string): Failure {
  return new Failure('bad_request', title);
}
