import type { Millis } from '../../kernel/index.js';
import type { Agent, WorkChange, WorkItem } from './agent.js';
import {
  afterWorkDone,
  closed,
  done,
  finish,
  itemOf,
  namesOf,
  over,
  ticketed,
  unchanged,
  withAgent,
  withItem,
} from './change.js';
import type { Change } from './change.js';
import type { AgentDecision } from './events.js';

/**
 * Folds what a conversation decided into the agent's work. It is never refused: whether there is room was asked with
 * `canTake` under the same lock. A change to an item that is not there changes nothing, so a repeat does no harm.
 */
export function changeWork(agent: Agent, change: WorkChange, now: Millis): AgentDecision {
  return finish(changed(unchanged(agent), change, now), change.type);
}

type OfItem = Exclude<WorkChange, { type: 'offered' | 'assigned' | 'answered' | 'startedOutbound' }>;

function changed(start: Change, change: WorkChange, now: Millis): Change {
  switch (change.type) {
    case 'offered':
    case 'assigned':
    case 'answered':
      return itemOf(start.agent, change.workItemId)
        ? start
        : withAgent(start, { work: [...start.agent.work, begun(change, now)] });
    case 'startedOutbound':
      return start.agent.work.filter(isAfterWork).reduce(afterWorkDone, start);
    default: {
      const item = itemOf(start.agent, change.workItemId);
      return item === null ? start : ofItem(start, item, change, now);
    }
  }
}

function begun(change: Extract<WorkChange, { load: unknown }>, now: Millis): WorkItem {
  const { workItemId: id, sessionId, conversationId, queueId, load } = change;
  const offered = change.type === 'offered';
  return {
    id,
    sessionId,
    conversationId,
    queueId,
    load,
    status: offered ? 'offered' : 'open',
    tabOpen: !offered,
    automatic: change.type !== 'assigned' || change.routed === true,
    idle: false,
    offeredAt: offered ? now : null,
    openedAt: offered ? null : now,
    afterWork: null,
    ticket: null,
  };
}

function ofItem(start: Change, item: WorkItem, change: OfItem, now: Millis): Change {
  switch (change.type) {
    case 'withdrawn':
      return item.status === 'offered' ? closed(start, item, change.why) : start;
    case 'opened':
      if (item.status !== 'offered') return start;
      return withItem(start, { ...item, status: 'open', tabOpen: true, openedAt: now });
    case 'paused':
      if (item.status !== 'open') return start;
      return withItem(start, { ...item, status: 'paused' }, { type: 'workItemPaused', ...namesOf(item) });
    case 'unpaused':
      if (item.status !== 'paused') return start;
      return withItem(start, { ...item, status: 'open', idle: false }, { type: 'workItemUnpaused', ...namesOf(item) });
    case 'idled':
    case 'revived':
      return withItem(start, { ...item, idle: change.type === 'idled' });
    case 'ticketed':
      return ticketed(start, item, change.ticket);
    case 'left':
      return closed(start, item, change.why);
    case 'transferred':
      return isLive(item) ? done(start, item, 'transferred', now) : start;
    case 'ended':
      return isLive(item) ? ended(start, item, change, now) : start;
  }
}

/** The tab stays where it is (L-4) and, tab-based, so does the capacity (K-4); a confirmed logout closes both (K-5). */
function ended(
  start: Change,
  item: WorkItem,
  { closeTab, treatAs }: Extract<OfItem, { type: 'ended' }>,
  now: Millis,
): Change {
  if (item.status === 'offered') return closed(start, item, 'canceled');
  const load = treatAs === 'email' ? { ...item.load, bucket: treatAs } : item.load;
  const counted: WorkItem = { ...item, load, idle: true };
  // Who parked it long ago has no work after it.
  return closeTab || item.status === 'paused'
    ? over(start, counted, !closeTab && item.tabOpen, 'ended')
    : done(start, counted, 'ended', now);
}

export const isLive = ({ status }: WorkItem): boolean =>
  status === 'offered' || status === 'open' || status === 'paused';

export const isAfterWork = ({ status }: WorkItem): boolean => status === 'afterWork';
