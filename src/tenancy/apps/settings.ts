import type { StoredOnEnd, StoredSettings } from '../../configuration/index.js';
import { Failure } from '../../kernel/index.js';

/** What a PATCH may name; the rest keeps its value (`sessions.md` 0.3). */
export type SettingsPatch = { readonly [Name in keyof Omit<StoredSettings, 'onEnd'>]?: StoredSettings[Name] } & {
  readonly onEnd?: Partial<StoredOnEnd>;
};

/**
 * Settings with a patch merged in. What depends on another setting is refused at save, in both directions.
 *
 * `onEnd: pass:<name>` may name a switchboard integration that is not there yet, because an app can be set up in any
 * order: an end that does not find it releases, and says so in `postEnd` (`sessions.md` 2.3 step 6).
 *
 * @throws Failure `requires_multi_conversations` (E-3), `requires_reopen_disabled` (E-4), `bad_request` for turning
 * multi-conversations off
 */
export function patchedSettings(settings: StoredSettings, patch: SettingsPatch): StoredSettings {
  const next = { ...settings, ...patch, onEnd: { ...settings.onEnd, ...patch.onEnd } };
  if (!next.multiConvoEnabled) requireNoneOnMulti(next);
  if (next.endSessionEnabled && !next.disableConversationReopen)
    throw new Failure('requires_reopen_disabled', 'endSessionEnabled needs disableConversationReopen to be true');
  if (settings.multiConvoEnabled && !next.multiConvoEnabled)
    throw new Failure('bad_request', 'multiConvoEnabled cannot be turned off again');
  return next;
}

function requireNoneOnMulti(next: StoredSettings): void {
  const dependent = (['endSessionEnabled', 'disableConversationReopen'] as const).find((name) => next[name]);
  if (dependent === undefined) return;
  throw new Failure('requires_multi_conversations', `${dependent} needs multiConvoEnabled to be true`);
}
