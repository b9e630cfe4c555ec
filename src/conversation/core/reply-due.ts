import type { Millis } from '../../kernel/index.js';
import { holderOf } from './control.js';
import type { ConversationState } from './state.js';
import type { World } from './world.js';

/** When the holder's answer is late (`replyDeadlineSeconds`); `null`: nobody waits, or it was announced already. */
export function replyDue({ session, control, answering }: ConversationState, { switchboard }: World): Millis | null {
  if (!switchboard?.enabled || session?.status !== 'ACTIVE' || answering.owedSince === null || answering.overdue) {
    return null;
  }
  const holder = switchboard.integrations.find(({ id }) => id === holderOf(control));
  const seconds = holder?.deadlines.replySeconds ?? null;
  return seconds === null ? null : answering.owedSince + seconds * 1000;
}
