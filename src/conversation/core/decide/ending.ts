import type { Metadata } from '../../../kernel/index.js';
import type { Actor, SwitchReason } from '../commands.js';
import { holderOf, pendingOf } from '../control.js';
import type { EndFacts, EndingSession, PostEnd } from '../session.js';
import { actsForAnybody, isHolder } from './callers.js';
import { happened, type Draft } from './draft.js';

/** Why control is let go, for the event that says so. */
export interface Release {
  readonly by: Actor;
  readonly metadata: Metadata | null;
  readonly reason: SwitchReason | null;
  readonly cause: 'command' | 'sessionEnd' | 'endingExpired' | 'holderDead';
}

/** Leaves neither an active nor a pending one; nothing happens where there was neither. */
export function releaseAll(draft: Draft, release: Release): Draft {
  const from = holderOf(draft.state.control);
  const voided = pendingOf(draft.state.control);
  if (from === null && voided === null) return draft;
  const { by, metadata, reason, cause } = release;
  return happened(draft, { type: 'controlReleased', from, voided, metadata, reason, cause, by });
}

/** The post-end flow is over: the end that was asked first is the one recorded (T33, T34, E-13). */
export function finishEnding(
  draft: Draft,
  session: EndingSession,
  release: Release & { readonly forced: boolean },
): Draft {
  const postEnd = { ...session.postEnd, finishedAt: draft.world.now, forced: release.forced };
  return endSession(releaseAll(draft, release), session.end, postEnd);
}

/** The note, the end, and the door closed to the end user where conversations do not reopen (2.3 steps 7 to 10). */
export function endSession(draft: Draft, end: EndFacts, postEnd: PostEnd | null): Draft {
  const sessionId = draft.state.session?.id;
  if (sessionId === undefined) return draft;
  const { settings, ids } = draft.world;
  const noted = settings.endNoteToEndUser
    ? happened(draft, { type: 'endNoteWritten', messageId: ids.note, sessionId, end })
    : draft;
  const ended = happened(noted, { type: 'sessionEnded', sessionId, end, postEnd });
  const reopens = !settings.disableConversationReopen && settings.reopenWithinSeconds !== 0;
  return reopens ? ended : happened(ended, { type: 'conversationClosed' });
}

/** In ENDING control moves only by its holder's hand, or by an app key's (`sessions.md` 2.2a). */
export function mayMoveWhileEnding(draft: Draft, by: Actor): boolean {
  return draft.state.session?.status !== 'ENDING' || actsForAnybody(by) || isHolder(draft, by);
}

export const onlyTheHolderWhileEnding =
  'The session is ending: only the active switchboardIntegration may hand control on.';
