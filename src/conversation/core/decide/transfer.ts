import { canTake, mayBeOffered } from '../../../agents/core/index.js';
import type { AgentId, QueueId } from '../../../kernel/index.js';
import type { Actor, OverflowQueue, TransferSession } from '../commands.js';
import type { Decision } from '../decision.js';
import type { ActiveSession, WaitingSession } from '../session.js';
import { ownerOf } from '../evolve/human.js';
import { queueById } from '../world.js';
import { actsForAnybody, isLedBy, switchboardInUse } from './callers.js';
import { accept, happened, refuse, type Draft } from './draft.js';
import { handTo } from './hand-to.js';
import { endBySystem } from './end-by-system.js';
import { agentLeaves, enqueue, withdrawOffer } from './queueing.js';
import { handOn, mayDirect, offer } from './work.js';

/**
 * By the owner, or a supervisor (T17, T18); while nobody has it yet, by who leads it. Back to a bot is a pass of control
 * (T19).
 */
export function transferSession(draft: Draft, { by, to }: TransferSession): Decision {
  const { session } = draft.state;
  if (session?.status === 'WAITING') return moveWaiting(draft, session, by, to);
  if (session?.status !== 'ACTIVE' || ownerOf(session) === null) return refuse(draft, { reason: 'nothingToHandOn' });
  const owns = by.type === 'agent' && by.agentId === ownerOf(session);
  if (!owns && !mayDirect(draft, by)) return refuse(draft, { reason: 'notOwner' });
  return to.type === 'agent' ? toAgent(draft, session, to.agentId) : toQueue(draft, session, by, to);
}

/** Waits elsewhere. It keeps its place: in every line a session stands by when a human was first asked for. */
function moveWaiting(draft: Draft, session: WaitingSession, by: Actor, to: TransferSession['to']): Decision {
  const leads = by.type === 'agent' ? isLedBy(draft, by.agentId) : actsForAnybody(by);
  if (!leads) return refuse(draft, { reason: 'supervisorRequired' });
  if (to.type === 'agent') return refuse(draft, { reason: 'assignWaiting' });
  if (!takesTransfers(draft, to.queueId)) return refuse(draft, { reason: 'noSuchDestination' });
  const queueId = to.queueId ?? session.human.queueId;
  const { requestedAt } = session.human;
  if (queueId === session.human.queueId && isSameSet(to.skills, session.waiting.skills)) return accept(draft);
  return accept(enqueue(draft, 'transferred', { queueId, requestedAt, skills: to.skills, by }));
}

const isSameSet = (some: readonly string[], others: readonly string[]): boolean =>
  some.every((one) => others.includes(one)) && others.every((one) => some.includes(one));

function toQueue(
  draft: Draft,
  session: ActiveSession,
  by: Actor,
  { queueId, skills }: Extract<TransferSession['to'], { type: 'queue' }>,
): Decision {
  if (!takesTransfers(draft, queueId)) return refuse(draft, { reason: 'noSuchDestination' });
  const target = queueId ?? session.human?.queueId ?? null;
  const free = handOn(withdrawOffer(draft, 'canceled'), session);
  return accept(enqueue(free, 'transferred', { queueId: target, skills, by }));
}

/** `null`: no queue is named, so it is the one it was in. */
function takesTransfers({ world }: Draft, queueId: QueueId | null): boolean {
  const queue = queueById(world, queueId);
  return queueId === null || queue?.takesTransfers === true;
}

/** Until the colleague accepts, the owner stays; a newer offer takes the place of the older one (T18). */
function toAgent(draft: Draft, session: ActiveSession, agentId: AgentId): Decision {
  if (session.human?.owner === agentId) return accept(draft);
  const agent = draft.world.agents.get(agentId);
  if (!agent || !mayBeOffered(agent)) return refuse(draft, { reason: 'agentNotAvailable' });
  if (!canTake(agent, session.human?.load ?? draft.world.channel.load)) return refuse(draft, { reason: 'noCapacity' });
  return accept(offer(withdrawOffer(draft, 'canceled'), session, agentId, true));
}

/** Nobody came in time, or the queue is full or closed: what its rule says (T13). */
export function overflowQueue(draft: Draft, { queueId }: OverflowQueue): Decision {
  const { session } = draft.state;
  if (session?.status !== 'WAITING' || session.human.queueId !== queueId) return accept(draft);
  return accept(overflow(draft, session));
}

export function overflow(draft: Draft, session: WaitingSession): Draft {
  if (session.waiting.overflowed) return draft;
  const rule = queueById(draft.world, session.human.queueId)?.overflow ?? { to: 'none' };
  switch (rule.to) {
    case 'queue':
      return toOtherQueue(draft, session, rule.queueId);
    case 'bot':
      return toBot(draft, session, rule.name);
    case 'end':
      return endBySystem(draft, 'queue_timeout');
    case 'none':
      return nowhere(draft, session);
  }
}

function toOtherQueue(draft: Draft, session: WaitingSession, queueId: WaitingSession['human']['queueId']): Draft {
  if (!queueById(draft.world, queueId) || queueId === session.human.queueId) return nowhere(draft, session);
  const { requestedAt } = session.human;
  return enqueue(draft, 'overflow', { queueId, requestedAt, skills: session.waiting.skills });
}

/** A bot that offers a way out. */
function toBot(draft: Draft, session: WaitingSession, name: string): Draft {
  return passToNamed(draft, name) ?? nowhere(draft, session);
}

/** Passes control to the switchboard integration of that name; `null` when there is none. */
export function passToNamed(draft: Draft, name: string): Draft | null {
  const target = switchboardInUse(draft)?.integrations.find((one) => one.name === name && one.kind === 'bot');
  if (!target) return null;
  const alone = agentLeaves(withdrawOffer(draft, 'canceled'), 'rerouted');
  return handTo(alone, target, { by: { type: 'system' }, cause: 'command' });
}

const nowhere = (draft: Draft, { id, human }: WaitingSession): Draft =>
  happened(draft, { type: 'queueOverflowed', sessionId: id, queueId: human.queueId });
