import type { AgentId, Millis, QueueId } from '../../../kernel/index.js';
import type { Actor } from '../actor.js';
import { usualLoad } from '../channel.js';
import type { AgentLeft, OfferEnd, QueuedBecause } from '../events.js';
import { isLive, type Session, type WorkOffer } from '../session.js';
import { queueById, type World } from '../world.js';
import { happened, type Draft } from './drafting.js';

/** Where it waits and for whom, where the caller knows better than the channel. */
export interface Wish {
  readonly queueId?: QueueId | null;
  readonly skills?: readonly string[];
  readonly preferred?: AgentId | null;
  /** Keeps its place in line. */
  readonly requestedAt?: Millis;
  readonly by?: Actor;
}

/** The session waits for an agent from now on; an owner has left before. */
export function enqueue(asked: Draft, reason: QueuedBecause, wish: Wish): Draft {
  const draft = withdrawOffer(asked, 'canceled');
  const { session } = draft.state;
  if (!isLive(session)) return draft;
  const { world } = draft;
  const queueId = wish.queueId ?? usualQueueId(world);
  const weight = queueById(world, queueId)?.weight ?? null;
  const load = world.channel.load ?? usualLoad;
  return happened(draft, {
    type: 'sessionQueued',
    sessionId: session.id,
    from: session.status,
    reason,
    queueId,
    requestedAt: wish.requestedAt ?? world.now,
    skills: wish.skills ?? [],
    preferred: wish.preferred ?? null,
    by: wish.by ?? null,
    load: weight === null ? load : { ...load, weight, percent: null },
  });
}

/** The queue of the channel; where it names none, the app's first. */
export const usualQueueId = (world: World): QueueId | null => world.channel.queueId ?? world.queues[0]?.id ?? null;

/** Ends the stay of whoever handles the session; nothing happens where nobody does. */
export function agentLeaves(draft: Draft, why: AgentLeft): Draft {
  const { session } = draft.state;
  const owner = session?.human?.owner ?? null;
  if (!session || owner === null) return draft;
  return happened(draft, { type: 'agentLeft', sessionId: session.id, agentId: owner, role: 'agent', why });
}

/** Takes an offer back: the agent's capacity is free again. */
export function withdrawOffer(draft: Draft, why: OfferEnd): Draft {
  const { session } = draft.state;
  const offer = offerOf(session);
  if (!session || !offer) return draft;
  const { agentId, workItemId } = offer;
  return happened(draft, { type: 'workDeclined', sessionId: session.id, agentId, workItemId, why });
}

/** What an agent is asked at this moment. */
export function offerOf(session: Session | null): WorkOffer | null {
  if (session?.status === 'WAITING') return session.waiting.offer;
  return session?.status === 'ACTIVE' ? session.transferring : null;
}
