import type { Metadata } from '../../../kernel/index.js';
import type { Actor } from '../commands.js';
import { holderOf } from '../control.js';
import type { Decision } from '../decision.js';
import type { SwitchboardIntegration } from '../world.js';
import { byId, isWorkspace, switchboardInUse, workspaceIn } from './callers.js';
import { failControl, happened, type Draft } from './draft.js';
import { handTo } from './hand-to.js';

interface HandOff {
  readonly by: Actor;
  readonly metadata: Metadata | null;
}

/**
 * Do integrations hand the conversation around among themselves? Counted is what they move with their own keys while
 * nobody writes; what an app key or an agent does begins the count anew. Towards people it may always go.
 */
export function isLoop({ state, world }: Draft, by: Actor, to: SwitchboardIntegration): boolean {
  const limit = world.switchboard?.handOffLimit ?? 0;
  if (by.type !== 'integration' || limit === 0 || isWorkspace(to)) return false;
  return state.handOffs.stopped || state.handOffs.count >= limit;
}

/** Control goes to the queue of agents, else to the default, once; then it stays there until somebody writes. */
export function stopLoop(
  draft: Draft,
  command: HandOff,
  action: 'pass' | 'accept',
  to: SwitchboardIntegration,
): Decision {
  const refuse = (stopped: Draft): Decision =>
    failControl(stopped, command, action, 'switchboard_invalid_action', handedAround);
  if (draft.state.handOffs.stopped) return refuse(draft);
  const { between, count } = draft.state.handOffs;
  const refuge = refugeIn(draft);
  const stopped = happened(draft, {
    type: 'handOffLoopStopped',
    between: between.includes(to.id) ? between : [...between, to.id],
    handOffs: count,
    to: refuge?.id ?? holderOf(draft.state.control),
  });
  const isThere = refuge === null || refuge.id === holderOf(draft.state.control);
  return refuse(isThere ? stopped : handTo(stopped, refuge, { by: { type: 'system' }, cause: 'loopStopped' }));
}

function refugeIn(draft: Draft): SwitchboardIntegration | null {
  const people = draft.state.session?.status === 'ENDING' ? null : workspaceIn(draft);
  return people ?? byId(draft, switchboardInUse(draft)?.defaultId ?? null);
}

const handedAround = 'Control was handed around without a message between: it stays until somebody writes.';
