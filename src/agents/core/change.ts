import type { Millis, WorkItemId } from '../../kernel/index.js';
import type { Agent, Ticket, WorkItem } from './agent.js';
import { capacityOf, isFinished, type Capacity } from './capacity.js';
import type { AgentDecision, AgentEvent, CapacityCause, WorkEnd } from './events.js';

/** A decision in the making: the agent so far and what happened on the way. */
export interface Change {
  readonly before: Agent;
  readonly agent: Agent;
  readonly events: readonly AgentEvent[];
}

export const unchanged = (agent: Agent): Change => ({ before: agent, agent, events: [] });

/** `presence` and `profile` may change beside work; the number of the agent is set at the end, by `finish`. */
export const withAgent = (
  change: Change,
  part: Partial<Omit<Agent, 'id' | 'seq'>>,
  ...events: AgentEvent[]
): Change => ({
  ...change,
  agent: { ...change.agent, ...part },
  events: [...change.events, ...events],
});

export const itemOf = ({ work }: Pick<Agent, 'work'>, id: WorkItemId): WorkItem | null =>
  work.find((item) => item.id === id) ?? null;

export const withItem = (change: Change, item: WorkItem, ...events: AgentEvent[]): Change =>
  withAgent(change, { work: change.agent.work.map((one) => (one.id === item.id ? item : one)) }, ...events);

/** The item leaves the list, whatever became of it. */
export const closed = (change: Change, item: WorkItem, why: WorkEnd): Change =>
  withAgent(
    change,
    { work: change.agent.work.filter(({ id }) => id !== item.id) },
    { type: 'workItemClosed', ...namesOf(item), why },
  );

/** The item is over; it leaves the list unless its tab or its ticket keeps it there. */
export function over(change: Change, item: WorkItem, tabOpen: boolean, why: WorkEnd): Change {
  const left: WorkItem = { ...item, status: 'over', tabOpen, afterWork: null };
  return isFinished(left, change.agent.profile.limits) ? closed(change, item, why) : withItem(change, left);
}

/** Its session is done with this agent: work after the conversation comes first where the channel asks for it (K-10). */
export function done(change: Change, item: WorkItem, why: WorkEnd, now: Millis): Change {
  const rule = item.load.afterWork;
  if (rule === null) return over(change, item, item.tabOpen, why);
  const until = now + rule.seconds * 1000;
  return withItem(
    change,
    { ...item, status: 'afterWork', afterWork: { until, extensions: 0 } },
    { type: 'afterWorkStarted', ...namesOf(item), until },
  );
}

/** Completes an item in after-work: also under tab-based, with the tab still open (`docs/rules.md` 3.5). */
export const afterWorkDone = (change: Change, item: WorkItem): Change =>
  item.load.model === 'tab_based'
    ? over(change, item, false, 'after_work_over')
    : over(change, item, item.tabOpen, 'after_work_over');

export function ticketed(change: Change, item: WorkItem, ticket: Ticket): Change {
  const marked: WorkItem = { ...item, ticket };
  return isFinished(marked, change.agent.profile.limits)
    ? closed(change, item, 'ticket_solved')
    : withItem(change, marked);
}

export const namesOf = ({ id, sessionId, conversationId }: WorkItem) => ({ workItemId: id, sessionId, conversationId });

/** Says what became of the capacity, last, and numbers the events. */
export function finish({ before, agent, events }: Change, cause: CapacityCause): AgentDecision {
  const capacity = capacityOf(agent);
  const all: readonly AgentEvent[] = isSame(capacityOf(before), capacity)
    ? events
    : [...events, { type: 'capacityChanged', capacity, cause }];
  return { agent: agent === before ? agent : { ...agent, seq: before.seq + all.length }, events: all };
}

/** Both come from `capacityOf`, which writes its fields in one order. */
const isSame = (one: Capacity, other: Capacity): boolean => JSON.stringify(one) === JSON.stringify(other);
