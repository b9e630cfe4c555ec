import type { Millis } from '../../kernel/index.js';
import { MESSAGE_LIMIT, type ConversationState } from './state.js';
import type { Settings } from './world.js';

type Size = Pick<ConversationState, 'messageCount'>;
type Talk = Pick<ConversationState, 'lifecycle' | 'session'>;
type Window = Pick<Settings, 'reopenWithinSeconds'>;

/** Does a further message fit? Deleting some makes room again. */
export const hasRoom = ({ messageCount }: Size): boolean => messageCount < MESSAGE_LIMIT;

/** May the end user still write here? Not once it is closed to them, nor behind the threading window, nor when it is full. */
export const canReply = (talk: Talk & Size, settings: Window, now: Millis): boolean =>
  talk.lifecycle === 'open' && !isWindowOver(talk, settings, now) && hasRoom(talk);

/**
 * The threading window lies behind the end of the last session (`docs/rules.md` 5.4); the timer closes the conversation
 * a little later.
 */
export function isWindowOver({ session }: Talk, { reopenWithinSeconds: seconds }: Window, now: Millis): boolean {
  if (!session || !('endedAt' in session) || seconds === null) return false;
  return session.endedAt + seconds * 1000 <= now;
}

/**
 * May the end user begin a further conversation? Where multi-conversations are off only in place of their first one,
 * once they can write no more there: nobody is left without a way to write.
 */
export const mayBeginAnother = (
  first: (Talk & Size) | null,
  settings: Window & Pick<Settings, 'multiConvoEnabled'>,
  now: Millis,
): boolean => settings.multiConvoEnabled || first === null || !canReply(first, settings, now);
