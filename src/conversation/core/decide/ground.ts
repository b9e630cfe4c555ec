import type { QueueId, SwitchboardIntegrationId } from '../../../kernel/index.js';
import { holderOf, pendingOf } from '../control.js';
import type { Decision } from '../decision.js';
import { isLive, type WaitingSession } from '../session.js';
import { queueById } from '../world.js';
import { byId } from './callers.js';
import { assignDefault } from './default-responder.js';
import { accept, happened, type Draft } from './draft.js';
import { closeConversation, finishEnding } from './ending.js';
import { followControl } from './follow-control.js';
import { enqueue, usualQueueId } from './queueing.js';

/**
 * Brings a conversation in line with what it stands on, before anything else is asked of it: whoever was deleted from
 * the switchboard holds nothing and is invited to nothing (`docs/wire.md` 10.4 rows 19, 21), a post-end flow that lost
 * its holder ends, and agents leave with their workspace. Permission is asked of what is left.
 */
export function standOnGround(draft: Draft): Draft {
  const cleared = clearRemoved(draft);
  const { lifecycle, control } = cleared.state;
  // Closed by a version that let control be passed behind the end.
  return lifecycle === 'closedToEndUser' && control.status !== 'released' ? closeConversation(cleared) : cleared;
}

function clearRemoved(draft: Draft): Draft {
  const active = vanished(draft, holderOf(draft.state.control));
  const pending = vanished(draft, pendingOf(draft.state.control));
  if (active === null && pending === null) return draft;

  const cleared = happened(draft, { type: 'holderRemoved', active, pending });
  const { session } = cleared.state;
  if (active === null || session?.status !== 'ENDING') return followControl(cleared);
  return finishEnding(cleared, session, {
    by: { type: 'system' },
    cause: 'sessionEnd',
    metadata: null,
    reason: null,
    forced: true,
  });
}

const vanished = (draft: Draft, id: SwitchboardIntegrationId | null): SwitchboardIntegrationId | null =>
  id !== null && byId(draft, id) === null ? id : null;

/**
 * Something that conversations stand on was deleted, and nobody may write for hours: a live session goes to whoever is
 * left, the default responder or another queue. What needs nothing is left as it is, so a repeat changes nothing.
 */
export function settleGround(draft: Draft): Decision {
  const { session } = draft.state;
  if (!isLive(session)) return accept(draft);
  if (session.status === 'NEW' || session.status === 'CONSENT') return accept(draft);
  const held = followControl(assignDefault(draft));
  const waiting = held.state.session;
  return accept(waiting?.status === 'WAITING' ? toQueueThatIsThere(held, waiting) : held);
}

function toQueueThatIsThere(draft: Draft, { human, waiting }: WaitingSession): Draft {
  const isGone = (id: QueueId | null): boolean => id !== null && queueById(draft.world, id) === null;
  if (!isGone(human.queueId)) return draft;
  const { requestedAt } = human;
  return enqueue(draft, 'queue_removed', { queueId: usualQueueId(draft.world), requestedAt, skills: waiting.skills });
}
