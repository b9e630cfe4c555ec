import type {
  AskedTime,
  StoredIdle,
  StoredIdleRule,
  StoredReminder,
  StoredSessionSettings,
  StoredSettings,
} from '../../configuration/index.js';
import { Failure } from '../../kernel/index.js';

/** What a PATCH may name of the life of sessions; idle rules merge one by one, reminders come all together. */
export interface SessionSettingsPatch extends Partial<
  Omit<StoredSessionSettings, 'idle' | 'reminders' | 'agentLayout'>
> {
  readonly conversationPolicy?: 'async' | 'session_based';
  readonly agentLayout?: Partial<StoredSessionSettings['agentLayout']>;
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
  { conversationPolicy, reopenWithinSeconds, idle, reminders, agentLayout }: SessionSettingsPatch,
): Pick<StoredSessionSettings, 'reopenWithinSeconds' | 'idle' | 'reminders' | 'agentLayout'> {
  if (conversationPolicy !== undefined && reopenWithinSeconds !== undefined)
    throw refused('Name conversationPolicy or reopenWithinSeconds, not both: the first stands for null or 0');
  const named = conversationPolicy === undefined ? reopenWithinSeconds : WITHIN[conversationPolicy];
  return {
    reopenWithinSeconds: named === undefined ? settings.reopenWithinSeconds : named,
    idle: {
      customer: { ...settings.idle.customer, ...idle?.customer },
      agent: { ...settings.idle.agent, ...idle?.agent },
    },
    agentLayout: { ...settings.agentLayout, ...agentLayout },
    reminders: reminders?.map(reminderOf) ?? settings.reminders,
  };
}

/** The times that a patch asks for. */
export function askedTimes({ idle, reminders, ...patch }: SessionSettingsPatch): readonly AskedTime[] {
  return [
    ...(['customer', 'agent'] as const).flatMap((side): AskedTime[] => [
      [`settings.idle.${side}.warnSeconds`, idle?.[side]?.warnSeconds, 'idle'],
      [`settings.idle.${side}.actSeconds`, idle?.[side]?.actSeconds, 'idle'],
    ]),
    ...(['botIdleSeconds', 'inactiveEndSeconds', 'endUserTokenSeconds'] as const).map((name): AskedTime => [
      `settings.${name}`,
      patch[name],
      'usual',
    ]),
    ...(reminders ?? []).map(({ afterSeconds }): AskedTime => [
      'settings.reminders.afterSeconds',
      afterSeconds,
      'short',
    ]),
  ];
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
