import {
  mergedCsat,
  type CsatPatch,
  type NoteSettings,
  type StoredOnEnd,
  type StoredSessionSettings,
  type StoredSettings,
} from '../../configuration/index.js';
import { Failure } from '../../kernel/index.js';
import { patchedSession, requireSessionSense, type SessionSettingsPatch } from './session-settings.js';

/** What a PATCH may name; the rest keeps its value (`docs/rules.md` 0.3). */
export type SettingsPatch = Partial<Omit<StoredSettings, 'onEnd' | 'csat' | 'notes' | keyof StoredSessionSettings>> &
  SessionSettingsPatch & {
    readonly onEnd?: Partial<StoredOnEnd>;
    readonly csat?: CsatPatch;
    readonly notes?: Partial<NoteSettings>;
  };

/**
 * Settings with a patch merged in. What depends on another setting is refused at save, in both directions.
 *
 * What names a switchboard integration, such as `onEnd: pass:<name>`, is looked up by `named-ahead.ts`.
 *
 * @throws Failure `requires_multi_conversations` (E-3, and whatever else closes conversations), `requires_reopen_disabled` (E-4),
 * `requires_customizable_csat`, which the rows of sessions want to be 422; `bad_request` for everything else, since
 * the wire's operations on apps know no 422
 */
export function patchedSettings(settings: StoredSettings, patch: SettingsPatch): StoredSettings {
  const { conversationPolicy: _, ...named } = patch;
  const next: StoredSettings = {
    ...settings,
    ...named,
    ...patchedSession(settings, patch),
    onEnd: { ...settings.onEnd, ...patch.onEnd },
    csat: mergedCsat(settings.csat, patch.csat ?? {}),
    notes: { ...settings.notes, ...patch.notes },
  };
  if (!next.multiConvoEnabled) requireNoneOnMulti(next);
  if (!next.multiConvoEnabled && next.reopenWithinSeconds !== settings.reopenWithinSeconds) requireForEver(next);
  if (next.endSessionEnabled && !next.disableConversationReopen)
    throw new Failure('requires_reopen_disabled', 'endSessionEnabled needs disableConversationReopen to be true');
  if (next.csat.mode === 'legacy' && next.csat.sendOn.includes('agent_ended'))
    throw new Failure('requires_customizable_csat', 'csat.sendOn with agent_ended needs csat.mode to be customizable');
  if (settings.multiConvoEnabled && !next.multiConvoEnabled)
    throw new Failure('bad_request', 'multiConvoEnabled cannot be turned off again');
  requireSessionSense(next);
  return next;
}

/** A conversation that closes after its end leaves whoever has but one without any. Apps that have it already keep it. */
function requireForEver({ reopenWithinSeconds }: StoredSettings): void {
  if (reopenWithinSeconds === null) return;
  throw new Failure(
    'requires_multi_conversations',
    'reopenWithinSeconds (conversationPolicy session_based) needs multiConvoEnabled to be true',
  );
}

function requireNoneOnMulti(next: StoredSettings): void {
  const dependent = (['endSessionEnabled', 'disableConversationReopen'] as const).find((name) => next[name]);
  if (dependent === undefined) return;
  throw new Failure('requires_multi_conversations', `${dependent} needs multiConvoEnabled to be true`);
}
