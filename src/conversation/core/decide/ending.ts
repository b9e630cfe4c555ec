import type { Metadata } from '../../../kernel/index.js';
import type { Actor, ReleaseReason } from '../commands.js';
import { holderOf, pendingOf } from '../control.js';
import { isOver, type EndFacts, type EndingSession, type PostEnd, type Session } from '../session.js';
import type { SwitchboardIntegration } from '../world.js';
import { actsForAnybody, isHolder, isWorkspace } from './callers.js';
import { happened, type Draft } from './draft.js';

/** Why control is let go, for the event that says so. */
export interface Release {
  readonly by: Actor;
  readonly metadata: Metadata | null;
  readonly reason: ReleaseReason | null;
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

/** What whoever had control is told of the end, as whoever is given it for a post-end flow is. */
export const endMetadata = ({ id }: Session, { endedBy, reason }: EndFacts): Metadata => ({
  sessionId: id,
  endedBy: endedBy.type,
  endReason: reason,
});

/** Lets go of control because the session is over; what the caller says of the release goes beside that. */
export function releaseAtEnd(draft: Draft, session: Session, end: EndFacts, release: Release): Draft {
  const metadata = { ...endMetadata(session, end), ...release.metadata };
  return releaseAll(draft, { ...release, metadata, reason: release.reason ?? 'sessionEnded' });
}

/** The post-end flow is over: the end that was asked first is the one recorded (T33, T34, E-13). */
export function finishEnding(
  draft: Draft,
  session: EndingSession,
  release: Release & { readonly forced: boolean },
): Draft {
  const postEnd = { ...session.postEnd, finishedAt: draft.world.now, forced: release.forced };
  return endSession(releaseAtEnd(draft, session, session.end, release), session.end, postEnd);
}

/**
 * The note, the end, and the door closed to the end user where conversations do not reopen
 * (`docs/rules.md` 2.3 steps 7 to 10).
 */
export function endSession(draft: Draft, end: EndFacts, postEnd: PostEnd | null): Draft {
  const sessionId = draft.state.session?.id;
  if (sessionId === undefined) return draft;
  const { settings, ids } = draft.world;
  const noted = settings.endNoteToEndUser
    ? happened(draft, { type: 'endNoteWritten', messageId: ids.note, sessionId, end })
    : draft;
  const ended = happened(noted, { type: 'sessionEnded', sessionId, end, postEnd });
  const reopens = !settings.disableConversationReopen && settings.reopenWithinSeconds !== 0;
  return reopens ? ended : closeConversation(ended);
}

/** A closed conversation is nobody's: what was prepared for a next session goes with it. */
export function closeConversation(draft: Draft): Draft {
  const by = { type: 'system' } as const;
  const alone = releaseAll(draft, { by, metadata: null, reason: null, cause: 'sessionEnd' });
  return alone.state.lifecycle === 'open' ? happened(alone, { type: 'conversationClosed' }) : alone;
}

/**
 * Why control does not move now; `null`: it may. While a session is ending only its holder or an app key hands control
 * on (`docs/rules.md` 2.2a). An end clears control for good: in a closed conversation nobody passes it, and in one that
 * reopens only an app key prepares the next session.
 */
export function whyControlStays(draft: Draft, by: Actor): string | null {
  const { lifecycle, session } = draft.state;
  if (lifecycle === 'closedToEndUser') return conversationIsClosed;
  if (actsForAnybody(by)) return null;
  if (session?.status === 'ENDING') return isHolder(draft, by) ? null : onlyTheHolderWhileEnding;
  return isOver(session) ? sessionIsOver : null;
}

export const conversationIsClosed = 'The conversation is closed: control cannot be moved any more.';
const sessionIsOver = 'The session is over: control stays with nobody until the next one begins.';

const onlyTheHolderWhileEnding = 'The session is ending: only the active switchboardIntegration may hand control on.';

/** The post-end flow is no talk with an agent: in ENDING nobody would ever come from the queue. */
export const isNoGoalWhileEnding = ({ state }: Draft, to: SwitchboardIntegration): boolean =>
  state.session?.status === 'ENDING' && isWorkspace(to);

export const noAgentsWhileEnding = 'The session is ending: control cannot go to the agent workspace.';
