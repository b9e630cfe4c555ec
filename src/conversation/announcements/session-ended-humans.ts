import type { EndedMetrics, EndedWorkItem, ResponseTimes, SessionEnded } from '../../../sdk/index.js';
import { isoTime } from '../../platform/clock/index.js';
import { countsAs, type EndFacts, type Participation, type Responses, type Session } from '../core/index.js';
import type { Settled } from '../recorded.js';

type Humans = Pick<SessionEnded, 'owner' | 'lastHumanAgentId' | 'participants' | 'workItems' | 'routing'>;

/** Who of the human side took part, and what is left of their work (`docs/rules.md` 4). */
export function humanData(session: Session, end: EndFacts, settled: Settled): Humans {
  const { human } = session;
  const { world } = settled;
  const owner = end.ownerAtEnd;
  return {
    owner: owner === null ? null : { agentId: owner, teamId: world.agents.get(owner)?.profile.teams[0] ?? null },
    lastHumanAgentId: human?.lastAgent ?? null,
    participants: (human?.participants ?? []).map(({ agentId, role, joinedAt, leftAt }) => ({
      id: agentId,
      role,
      joinedAt: isoTime(joinedAt),
      leftAt: leftAt === null ? null : isoTime(leftAt),
    })),
    workItems: (human?.participants ?? []).flatMap((one) => workItem(one, session, settled)),
    routing: {
      treatAs: countsAs(end.endedBy, world),
      ticketId: human?.ticket?.id ?? null,
      ticketStatus: human?.ticket?.status ?? null,
      queueId: human?.queueId ?? null,
    },
  };
}

function workItem(
  { agentId, workItemId }: Participation,
  { human }: Session,
  { agents, world }: Settled,
): readonly EndedWorkItem[] {
  if (workItemId === null || !human?.load) return [];
  const agent = agents.findLast(({ after }) => after.id === agentId)?.after ?? world.agents.get(agentId);
  const { model } = human.load;
  const item = { id: workItemId, agentId, queueId: human.queueId, capacityModel: model };
  // Nobody looked, so nobody may take it for free; `work_item.closed` tells.
  if (!agent) return [{ ...item, status: 'over', tabOpen: false, capacityReleased: false }];
  const left = agent.work.find(({ id }) => id === workItemId);
  if (!left) return [{ ...item, status: 'closed', tabOpen: false, capacityReleased: true }];
  const status = left.status === 'offered' ? 'open' : left.status;
  return [{ ...item, status, tabOpen: left.tabOpen, capacityReleased: model === 'status_based' && status === 'over' }];
}

export function endedMetrics(session: Session, { requestedAt }: EndFacts): EndedMetrics {
  const { messages, talk, acceptedAt, human } = session;
  return {
    messages,
    agentResponses: responseTimes(talk.agentResponses),
    endUserResponses: responseTimes(talk.customerResponses),
    waitSeconds: acceptedAt === null || !human ? null : seconds(Math.max(0, acceptedAt - human.requestedAt)),
    handleSeconds: acceptedAt === null ? null : seconds(requestedAt - acceptedAt),
  };
}

const responseTimes = ({ count, totalMs, longestMs }: Responses): ResponseTimes => ({
  count,
  averageSeconds: count === 0 ? null : seconds(totalMs / count),
  longestSeconds: count === 0 ? null : seconds(longestMs),
});

const seconds = (millis: number): number => Math.round(millis) / 1000;
