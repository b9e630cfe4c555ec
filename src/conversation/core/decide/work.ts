import { canTake, mayBeOffered, type Agent } from '../../../agents/core/index.js';
import type { AgentId, Millis, WorkItemId } from '../../../kernel/index.js';
import type { AcceptWork, Actor, AssignSession, DeclineWork, DetachAgent, OfferWork } from '../commands.js';
import { holderOf, pendingOf } from '../control.js';
import type { Decision, Refusal } from '../decision.js';
import { isLive, type ActiveSession, type LiveSession, type WaitingSession, type WorkOffer } from '../session.js';
import { queueById, type World } from '../world.js';
import { actsForAnybody, isLedBy, workspaceIn, workspaceOf } from './callers.js';
import { accept, happened, refuse, type Draft } from './draft.js';
import { handTo } from './hand-to.js';
import { agentLeaves, enqueue, offerOf, withdrawOffer } from './queueing.js';

/** Reserves at the offer, not at the acceptance, or two offers overshoot (K-3). One agent at a time is asked. */
export function offerWork(draft: Draft, { agentId }: OfferWork): Decision {
  const { session } = draft.state;
  if (session?.status !== 'WAITING' || session.waiting.offer !== null) return refuse(draft, { reason: 'notWaiting' });
  const agent = draft.world.agents.get(agentId);
  if (!agent || !mayBeOffered(agent) || !serves(agent, session, draft.world)) {
    return refuse(draft, { reason: 'agentNotAvailable' });
  }
  if (!canTake(agent, session.human.load ?? draft.world.channel.load)) return refuse(draft, { reason: 'noCapacity' });
  return accept(offer(draft, session, agentId, false));
}

/** The agent works in one of the queue's teams and has every skill that queue and session ask for. */
function serves({ profile }: Agent, { human, waiting }: WaitingSession, world: World): boolean {
  const queue = queueById(world, human.queueId);
  const inTeam = !queue || queue.teams.length === 0 || queue.teams.some((team) => profile.teams.includes(team));
  return inTeam && [...(queue?.skills ?? []), ...waiting.skills].every((skill) => profile.skills.includes(skill));
}

export function offer(
  draft: Draft,
  session: WaitingSession | ActiveSession,
  agentId: AgentId,
  transfer: boolean,
): Draft {
  const { world } = draft;
  const queueId = session.human?.queueId ?? null;
  const seconds = queueById(world, queueId)?.pushTimeoutSeconds ?? null;
  return happened(draft, {
    type: 'workOffered',
    sessionId: session.id,
    agentId,
    workItemId: world.ids.workItem,
    queueId,
    expiresAt: seconds === null ? null : world.now + seconds * 1000,
    transfer,
    load: session.human?.load ?? world.channel.load,
  });
}

/** Accepting is what takes control (T11, T18). Of two who accept, or after the deadline, one hears that it is gone. */
export function acceptWork(draft: Draft, { by, workItemId }: AcceptWork): Decision {
  const found = answerable(draft, by, workItemId);
  if ('reason' in found) return refuse(draft, found);
  const { session, offered } = found;
  if (offered.expiresAt !== null && offered.expiresAt <= draft.world.now) {
    return refuse(withdrawOffer(draft, 'timed_out'), { reason: 'offerGone' });
  }
  const freed = session.status === 'ACTIVE' ? handOn(draft, session) : draft;
  return accept(takeOver(toWorkspace(freed, by), session, offered, 'accepted'));
}

export function declineWork(draft: Draft, { by, workItemId }: DeclineWork): Decision {
  const found = answerable(draft, by, workItemId);
  return 'reason' in found ? refuse(draft, found) : accept(withdrawOffer(draft, 'declined'));
}

function answerable(
  draft: Draft,
  by: Actor,
  workItemId: WorkItemId,
): Refusal | { readonly session: WaitingSession | ActiveSession; readonly offered: WorkOffer } {
  const { session } = draft.state;
  const offered = offerOf(session);
  if (
    !offered ||
    offered.workItemId !== workItemId ||
    (session?.status !== 'WAITING' && session?.status !== 'ACTIVE')
  ) {
    return { reason: 'offerGone' };
  }
  if (by.type === 'agent' ? by.agentId !== offered.agentId : !actsForAnybody(by)) return { reason: 'notYourOffer' };
  return { session, offered };
}

/** The sender's tab counts until it is closed (K-12); until here they were the owner. */
export function handOn(draft: Draft, session: LiveSession): Draft {
  const { human } = session;
  if (!human || human.owner === null) return draft;
  const { owner: agentId, workItemId } = human;
  const moved =
    workItemId === null
      ? draft
      : happened(draft, { type: 'workTransferred', sessionId: session.id, agentId, workItemId });
  return agentLeaves(moved, 'transferred');
}

/** Control is the workspace's before an agent in it takes over; an offer to it is accepted by that. */
export function toWorkspace(draft: Draft, by: Actor): Draft {
  const { control } = draft.state;
  const from = holderOf(control);
  if (workspaceOf(draft, from)) return draft;
  const invited = workspaceOf(draft, pendingOf(control));
  if (invited) {
    const { id: to, kind } = invited;
    return happened(draft, {
      type: 'controlAccepted',
      from,
      to,
      kind,
      queued: true,
      metadata: null,
      partingUntil: null,
      by,
    });
  }
  const workspace = workspaceIn(draft);
  return workspace ? handTo(draft, workspace, { by, cause: 'command' }) : draft;
}

export function takeOver(
  draft: Draft,
  session: LiveSession,
  { agentId, workItemId }: Pick<WorkOffer, 'agentId' | 'workItemId'>,
  how: 'accepted' | 'assigned' | 'answered',
): Draft {
  const { id: sessionId, human } = session;
  const load = human?.load ?? draft.world.channel.load;
  const queueId = human?.queueId ?? null;
  const opened = happened(draft, { type: 'workOpened', sessionId, agentId, workItemId, how, load, queueId });
  if (opened.state.session?.human?.owner === agentId) return opened;
  return happened(opened, { type: 'agentJoined', sessionId, agentId, role: 'agent' });
}

/** By hand, and nobody is asked: it never counts against the limit (K-2). */
export function assignSession(draft: Draft, { by, agentId }: AssignSession): Decision {
  const { session } = draft.state;
  if (!isLive(session) || session.status === 'CONSENT') return refuse(draft, { reason: 'notLive' });
  if (!mayDirect(draft, by)) return refuse(draft, { reason: 'supervisorRequired' });
  const agent = draft.world.agents.get(agentId);
  if (!agent?.profile.active || !workspaceIn(draft)) return refuse(draft, { reason: 'agentNotAvailable' });
  if (session.human?.owner === agentId) return accept(draft);
  const free = handOn(withdrawOffer(draft, 'canceled'), session);
  const offered = { agentId, workItemId: draft.world.ids.workItem };
  return accept(takeOver(toWorkspace(free, by), session, offered, 'assigned'));
}

/** Whoever leads the session, agents who may end any, and whoever acts for anybody. */
export function mayDirect(draft: Draft, by: Actor): boolean {
  if (by.type !== 'agent') return actsForAnybody(by);
  const profile = draft.world.agents.get(by.agentId)?.profile;
  if (profile?.role === 'agent') return profile.permissions.endAny;
  return isLedBy(draft, by.agentId);
}

/**
 * Offline, under tab-based: back to the queue in its old place (T15, M-11); under status-based it stays (T16, M-12),
 * unless the agent will never be back.
 */
export function detachAgent(draft: Draft, { agentId, workItemId, why }: DetachAgent): Decision {
  const { session } = draft.state;
  const offered = offerOf(session);
  const isMeant = (id: WorkItemId | null | undefined): boolean => workItemId === null || id === workItemId;
  const isAsked = offered?.agentId === agentId && isMeant(offered.workItemId);
  const asked = isAsked ? withdrawOffer(draft, 'unavailable') : draft;
  if (session?.human?.owner !== agentId || session.status !== 'ACTIVE') return accept(asked);
  if (!isMeant(session.human.workItemId)) return accept(asked);
  // Whom the app does not have will not be back either.
  const gone = draft.world.agents.get(agentId)?.profile.active !== true;
  if (session.human.load?.model === 'status_based' && !gone) return accept(asked);
  const requestedAt: Millis = session.human.requestedAt;
  return accept(enqueue(agentLeaves(asked, 'agent_offline'), why, { requestedAt, queueId: session.human.queueId }));
}
