import { canTake } from '../../../agents/core/index.js';
import type { CloseTab, InactivateSession } from '../commands.js';
import type { Decision, Refusal } from '../decision.js';
import type { ActiveSession, EndedBy, InactiveSession, LiveSession, NewSession } from '../session.js';
import { layoutOf, queueById } from '../world.js';
import { holderIn, isHolder, workspaceOf } from './callers.js';
import { holderOf } from '../control.js';
import { accept, happened, refuse, type Draft } from './draft.js';
import { endAsAsked } from './end.js';
import { whyNotEnd, whyNotWork } from './end-guards.js';
import { agentLeaves, enqueue, usualQueueId, withdrawOffer } from './queueing.js';

/** Customer Inactive (T20): the agent is free for another session at once. */
export function inactivateSession(draft: Draft, { by }: InactivateSession): Decision {
  const { session } = draft.state;
  const refusal = whyNotInactivate(draft, session, by);
  if (refusal) return refuse(draft, refusal);
  if (session?.status !== 'ACTIVE') return refuse(draft, { reason: 'noAgentHasIt' });
  return accept(inactivate(draft, session, inactivatedBy(draft, by)));
}

function whyNotInactivate(
  draft: Draft,
  session: Draft['state']['session'],
  by: InactivateSession['by'],
): Refusal | null {
  if (session?.status !== 'ACTIVE' || holderIn(draft)?.kind !== 'agent') return { reason: 'noAgentHasIt' };
  if (!draft.world.channel.can.inactivate) return { reason: 'inactivateNotSupported' };
  if (by.type === 'app' || by.type === 'system') return null;
  if (by.type === 'integration') return isHolder(draft, by) ? null : { reason: 'notOwner' };
  return by.type === 'agent' ? whyNotByAgent(draft, session, by) : { reason: 'notOwner' };
}

/** The same work permissions as for ending; ownership, because the control sits in the owner's window (I-4, I-5). */
function whyNotByAgent(
  draft: Draft,
  session: ActiveSession,
  by: Extract<InactivateSession['by'], { type: 'agent' }>,
): Refusal | null {
  const agent = draft.world.agents.get(by.agentId);
  const refusal = whyNotWork(draft, agent);
  if (refusal) return refusal;
  if (session.human?.owner !== by.agentId) return { reason: 'notOwner' };
  return agent && layoutOf(draft.world, agent).hideCustomerInactive ? { reason: 'hiddenByAdmin' } : null;
}

function inactivatedBy(draft: Draft, by: InactivateSession['by']): EndedBy {
  if (by.type === 'agent') return { type: 'agent', id: by.agentId, via: 'window' };
  if (by.type === 'integration') return { type: 'agent', id: holderOf(draft.state.control), via: 'api' };
  return { type: 'system', id: by.type === 'app' ? by.keyId : null, via: by.type === 'app' ? 'api' : 'timer' };
}

/** Tab-based work is closed, for anybody may get the next message (`docs/rules.md` D4); status-based work is paused. */
export function inactivate(draft: Draft, session: ActiveSession, by: EndedBy): Draft {
  const asked = withdrawOffer(draft, 'canceled');
  const stays = session.human?.load?.model === 'status_based';
  const alone = stays ? asked : agentLeaves(asked, 'inactive');
  const owner = alone.state.session?.human?.owner ?? null;
  return happened(alone, { type: 'sessionInactivated', sessionId: session.id, inactivatedBy: by, owner });
}

/** The customer is back: with their agent under status-based (T25), else with whoever is free (T24). */
export function reactivate(draft: Draft, session: InactiveSession): Draft {
  const owner = session.human?.owner ?? null;
  const back = happened(draft, { type: 'sessionReactivated', sessionId: session.id, owner });
  if (!workspaceOf(draft, holderOf(draft.state.control))) return back;
  if (owner !== null && !isRefusedBack(draft, session)) return back;
  return enqueue(agentLeaves(back, 'returned'), 'reactivated', { queueId: session.human?.queueId ?? null });
}

/** Work that comes back may exceed the agent's limit, unless its queue has that checked (K-7), or they are gone. */
export function isRefusedBack({ world }: Draft, { human }: NewSession | InactiveSession): boolean {
  const agent = human && human.owner !== null ? world.agents.get(human.owner) : undefined;
  if (human?.owner && agent?.profile.active !== true) return true;
  if (!agent || !queueById(world, human?.queueId ?? usualQueueId(world))?.checkOnReturn) return false;
  // What the agent began counts nothing yet (K-9); what is paused counts its paused weight.
  const load = human?.load ?? world.channel.load;
  return !canTake(agent, { ...load, weight: load.weight - (human?.load?.pausedWeight ?? 0) });
}

/** No tab of a live session closes in silence (T22); under status-based it means nothing (T23). */
export function closeTab(draft: Draft, command: CloseTab): Decision {
  const { session } = draft.state;
  if (session?.status !== 'ACTIVE' || session.human?.workItemId !== command.workItemId) {
    return refuse(draft, { reason: 'noAgentHasIt' });
  }
  if (session.human.load?.model === 'status_based') return accept(draft);
  if (command.choice === null) return refuse(draft, { reason: 'choiceRequired' });
  return command.choice === 'inactivate'
    ? inactivateSession(draft, { type: 'inactivateSession', by: command.by })
    : endByTab(draft, session, command);
}

function endByTab(draft: Draft, session: LiveSession, { by }: CloseTab): Decision {
  const end = { type: 'requestEnd', by, via: 'window', list: null, reason: null, actingFor: null } as const;
  const refusal = whyNotEnd(draft, session, end);
  return refusal ? refuse(draft, refusal) : accept(endAsAsked(draft, session, end, true));
}
