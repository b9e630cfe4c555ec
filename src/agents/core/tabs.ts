import type { Millis, WorkItemId } from '../../kernel/index.js';
import type { Agent, WorkItem } from './agent.js';
import { afterWorkDone, itemOf, namesOf, over, ticketed, unchanged, withItem, type Change } from './change.js';
import type { AgentCommand } from './commands.js';
import type { Outcome } from './presence.js';
import { isLive } from './work.js';

/**
 * The tab of work that is over goes and, tab-based, its capacity with it (L-5, K-4). Of a live session a tab-based one
 * asks what becomes of the session (T22), a status-based one is only out of sight (T23).
 */
export function closeTab(agent: Agent, { workItemId }: Of<'closeWorkItem'>): Outcome {
  return onItem(agent, workItemId, (change, item) => {
    if (!isLive(item)) return over(change, item, false, 'tab_closed');
    if (item.status === 'offered') return { reason: 'notOpen' };
    if (item.load.model === 'tab_based') return { reason: 'choiceRequired' };
    return item.tabOpen ? withItem(change, { ...item, tabOpen: false }) : change;
  });
}

export const saveNotes = (agent: Agent, { workItemId }: Of<'saveNotes'>): Outcome =>
  onItem(agent, workItemId, (change) => change);

export const setTicket = (agent: Agent, { workItemId, ticket }: Of<'setTicket'>): Outcome =>
  onItem(agent, workItemId, (change, item) => ticketed(change, item, ticket));

export function extendAfterWork(agent: Agent, { workItemId }: Of<'extendAfterWork'>): Outcome {
  return onItem(agent, workItemId, (change, item) => {
    const { afterWork } = item;
    const rule = item.load.afterWork;
    if (afterWork === null || rule === null) return { reason: 'notInAfterWork' };
    const { mostExtensions } = rule;
    if (afterWork.extensions >= mostExtensions) return { reason: 'noExtensionLeft', mostExtensions };
    const until = afterWork.until + rule.extensionSeconds * 1000;
    const extensions = afterWork.extensions + 1;
    return withItem(
      change,
      { ...item, afterWork: { until, extensions } },
      { type: 'afterWorkMoved', ...namesOf(item), until, extensions },
    );
  });
}

export const finishAfterWork = (agent: Agent, { workItemId }: Of<'finishAfterWork'>): Outcome =>
  onItem(agent, workItemId, (change, item) =>
    item.afterWork === null ? { reason: 'notInAfterWork' } : afterWorkDone(change, item),
  );

/** A timer that fires late, twice or for a time that was moved changes nothing. */
export function afterWorkOver(agent: Agent, { workItemId, until }: Of<'afterWorkOver'>, now: Millis): Outcome {
  const item = itemOf(agent, workItemId);
  const due = item?.afterWork?.until === until && until <= now;
  return { change: due && item ? afterWorkDone(unchanged(agent), item) : unchanged(agent), departures: [] };
}

function onItem(
  agent: Agent,
  id: WorkItemId,
  act: (change: Change, item: WorkItem) => Change | Exclude<Outcome, { change: unknown }>,
): Outcome {
  const item = itemOf(agent, id);
  if (item === null) return { reason: 'workItemNotFound' };
  const done = act(unchanged(agent), item);
  return 'reason' in done ? done : { change: done, departures: [] };
}

type Of<Type extends AgentCommand['type']> = Extract<AgentCommand, { type: Type }>;
