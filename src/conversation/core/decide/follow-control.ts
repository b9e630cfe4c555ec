import { holderOf, pendingOf } from '../control.js';
import type { LiveSession } from '../session.js';
import { ownerOf } from '../evolve/human.js';
import { isLive } from '../session.js';
import { workspaceOf } from './callers.js';
import { happened, type Draft } from './drafting.js';
import { agentLeaves, enqueue, withdrawOffer } from './queueing.js';

/**
 * Control says who may speak; this brings the session in line with it. Passed or offered to an agent workspace it waits
 * in the queue (T6, T10); once control is elsewhere it waits no longer, and its agent is free (T19).
 */
export function followControl(draft: Draft): Draft {
  const { session } = draft.state;
  if (!isLive(session) || session.status === 'NEW' || session.status === 'CONSENT') return draft;
  const { control } = draft.state;
  const held = workspaceOf(draft, holderOf(control)) !== null;
  return held || workspaceOf(draft, pendingOf(control)) !== null
    ? toHumans(draft, session)
    : fromHumans(draft, session);
}

function toHumans(draft: Draft, session: LiveSession): Draft {
  if (session.status !== 'ACTIVE' || ownerOf(session) !== null) return draft;
  const first = session.human === null && draft.events.some(({ type }) => type === 'sessionStarted');
  return enqueue(draft, first ? 'started' : 'escalated', {});
}

function fromHumans(draft: Draft, session: LiveSession): Draft {
  const alone = agentLeaves(withdrawOffer(draft, 'canceled'), 'returned');
  if (session.status !== 'WAITING') return alone;
  return happened(alone, { type: 'sessionDequeued', sessionId: session.id, reason: 'control_moved' });
}
