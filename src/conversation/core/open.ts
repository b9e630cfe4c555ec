import type { Millis } from '../../kernel/index.js';
import type { ConversationState } from './state.js';
import type { Settings } from './world.js';

type Talk = Pick<ConversationState, 'lifecycle' | 'session'>;
type Window = Pick<Settings, 'reopenWithinSeconds'>;

/** May the end user still write here? Not once it is closed to them, nor behind the threading window. */
export const takesWords = (talk: Talk, settings: Window, now: Millis): boolean =>
  talk.lifecycle === 'open' && !isWindowOver(talk, settings, now);

/** The threading window lies behind the end of the last session (5.4); the timer closes the conversation a little later. */
export function isWindowOver({ session }: Talk, { reopenWithinSeconds: seconds }: Window, now: Millis): boolean {
  if (!session || !('endedAt' in session) || seconds === null) return false;
  return session.endedAt + seconds * 1000 <= now;
}

/**
 * May the end user begin a further conversation? Where multi-conversations are off only in place of their first one,
 * once that takes no words any more: nobody is left without a way to write.
 */
export const mayBeginAnother = (
  first: Talk | null,
  settings: Window & Pick<Settings, 'multiConvoEnabled'>,
  now: Millis,
): boolean => settings.multiConvoEnabled || first === null || !takesWords(first, settings, now);
