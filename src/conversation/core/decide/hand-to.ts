import { holderOf, pendingOf } from '../control.js';
import type { ConversationEvent } from '../events.js';
import type { SwitchboardIntegration } from '../world.js';
import { isWorkspace } from './callers.js';
import { happened, type Draft } from './drafting.js';

type Passed = Extract<ConversationEvent, { type: 'controlPassed' }>;
type How = Pick<Passed, 'by' | 'cause'> & Partial<Pick<Passed, 'metadata' | 'reason' | 'partingUntil'>>;

/** Control goes to `to`, whoever had it; the offer to anybody else is void. */
export function handTo(draft: Draft, to: SwitchboardIntegration, how: How): Draft {
  const pending = pendingOf(draft.state.control);
  return happened(draft, {
    type: 'controlPassed',
    from: holderOf(draft.state.control),
    to: to.id,
    kind: to.kind,
    queued: isWorkspace(to),
    voided: pending === to.id ? null : pending,
    metadata: null,
    reason: null,
    partingUntil: null,
    ...how,
  });
}
