/** To a human, in the queue, between agents, and back to a bot. */
import { watchedBy } from './guard.mjs';

const without = watchedBy('src/conversation/core/life/humans.spec.ts', 'src/conversation/core');
const work = 'decide/work.ts';
const transfer = 'decide/transfer.ts';
const follow = 'decide/follow-control.ts';
const timer = 'decide/timer-due.ts';
const offline = "session.human.load?.model === 'status_based'";
const alone = "const alone = agentLeaves(withdrawOffer(draft, 'canceled'), 'returned');";

export const humans = [
  without(
    'T10',
    'the queue',
    follow,
    'return enqueue(draft, first',
    'if (!first) return draft;\n  return enqueue(draft, first',
  ),
  without('T10b', 'the event', 'decide/draft.ts', 'return refuse(failed,', 'return refuse(draft,'),
  without('T11', 'whose offer it is', work, 'by.agentId !== offered.agentId', 'offered.agentId === null'),
  without(
    'T11',
    'the deadline',
    work,
    'offered.expiresAt !== null && offered.expiresAt <= draft.world.now',
    'offered.expiresAt === 0',
  ),
  without('T12', 'that a time-out takes it back', timer, "return withdrawOffer(draft, 'timed_out');", 'return draft;'),
  without(
    'T12',
    'that going offline takes it back',
    work,
    "isAsked ? withdrawOffer(draft, 'unavailable') : draft",
    'draft',
  ),
  without(
    'T12',
    'a new round',
    'evolve/human.ts',
    'const round = tried.includes(event.agentId) ? [] : tried;',
    'const round = tried;',
  ),
  without(
    'T13',
    'its place in line',
    transfer,
    "return enqueue(draft, 'overflow', { queueId, requestedAt,",
    "return enqueue(draft, 'overflow', { queueId,",
  ),
  without(
    'T13',
    'the rule',
    timer,
    "return session?.status === 'WAITING' ? overflow(draft, session) : draft;",
    'return draft;',
  ),
  without('T14', 'the reason', 'decide/end.ts', "return 'abandoned_in_queue';", 'return reasonOf[actor];'),
  without(
    'T14',
    'that the offer is withdrawn',
    'decide/end-procedure.ts',
    "agentLeaves(withdrawOffer(requested, 'canceled'),",
    'agentLeaves(requested,',
  ),
  without(
    'M-11',
    'its place in line',
    work,
    'const requestedAt: Millis = session.human.requestedAt;',
    'const requestedAt: Millis = draft.world.now;',
  ),
  without(
    'T15',
    'that the agent leaves',
    work,
    "enqueue(agentLeaves(asked, 'agent_offline'), why,",
    'enqueue(asked, why,',
  ),
  without('M-12', 'the model', work, offline, 'session === null'),
  without('T16', 'the model', work, offline, 'session === null'),
  without(
    'T17',
    'whose session it is',
    transfer,
    "if (!owns && !mayDirect(draft, by)) return refuse(draft, { reason: 'notOwner' });",
    '',
  ),
  without('T17', 'queues that take transfers', transfer, 'queue?.takesTransfers === true', 'queue !== null'),
  without(
    'K-12',
    'that the tab stays',
    work,
    "return agentLeaves(moved, 'transferred');",
    "return agentLeaves(draft, 'transferred');",
  ),
  without(
    'T18',
    'that the sender stays until then',
    transfer,
    "return accept(offer(withdrawOffer(draft, 'canceled'), session, agentId, true));",
    'return accept(offer(handOn(draft, session), session, agentId, true));',
  ),
  without(
    'T18',
    'room',
    transfer,
    "if (!canTake(agent, session.human?.load ?? draft.world.channel.load)) return refuse(draft, { reason: 'noCapacity' });",
    '',
  ),
  without('T19', 'that the agent is free', follow, alone, 'const alone = draft;'),
  without(
    'K-3',
    'room',
    work,
    "if (!canTake(agent, session.human.load ?? draft.world.channel.load)) return refuse(draft, { reason: 'noCapacity' });",
    '',
  ),
  without('K-3', 'one at a time', work, '|| session.waiting.offer !== null', ''),
];
