import type { AppId, IsoTime } from '../../kernel/index.js';
import { insertRows, type RowWriter, type Written } from '../../ledger/index.js';
import { isoTime } from '../../platform/clock/index.js';
import type { ChangedAgent, ChangesAgents } from '../changed.js';
import type { WorkItem } from '../core/index.js';

/** Every assignment as it is after the group, closed ones included; the words on it are another writer's. */
export const workItemRows: RowWriter<ChangesAgents> = {
  name: 'work_item',
  write(entries): Written | null {
    const rows = new Map<string, WorkItemRow>();
    for (const { appId, agents, world } of entries) {
      for (const changed of agents) for (const row of rowsOf(appId, changed, isoTime(world.now))) rows.set(row.id, row);
    }
    return rows.size === 0 ? null : { statement: upsert([...rows.values()]) };
  },
};

type WorkItemRow = ReturnType<typeof rowOf>;

function rowsOf(appId: AppId, { before, after, events }: ChangedAgent, at: IsoTime): readonly WorkItemRow[] {
  if (before.work === after.work) return [];
  const was = new Map(before.work.map((item) => [item.id, item]));
  const is = new Set(after.work.map(({ id }) => id));
  const changed = after.work.filter((item) => was.get(item.id) !== item).map((item) => rowOf(appId, after.id, item));
  const closed = events.flatMap((event) => {
    const item = event.type === 'workItemClosed' && !is.has(event.workItemId) ? was.get(event.workItemId) : undefined;
    return item && event.type === 'workItemClosed' ? [closedRow(appId, after, item, event.why, at)] : [];
  });
  return [...changed, ...closed];
}

function closedRow(appId: AppId, { id }: { readonly id: string }, item: WorkItem, why: string, at: IsoTime) {
  return {
    ...rowOf(appId, id, { ...item, tabOpen: false, afterWork: null }),
    status: 'closed',
    closed_because: why,
    closed_at: at,
  };
}

function rowOf(appId: AppId, agentId: string, item: WorkItem) {
  return {
    id: item.id,
    app_id: appId,
    agent_id: agentId,
    session_id: item.sessionId,
    conversation_id: item.conversationId,
    queue_id: item.queueId,
    status: item.status as string,
    closed_because: null as string | null,
    tab_open: item.tabOpen,
    automatic: item.automatic,
    load: item.load,
    idle: item.idle,
    after_work: item.afterWork,
    ticket: item.ticket,
    offered_at: item.offeredAt === null ? null : isoTime(item.offeredAt),
    opened_at: item.openedAt === null ? null : isoTime(item.openedAt),
    closed_at: null as IsoTime | null,
  };
}

const upsert = insertRows(
  'work_item',
  {
    id: 'text',
    app_id: 'text',
    agent_id: 'text',
    session_id: 'text',
    conversation_id: 'text',
    queue_id: 'text',
    status: 'text',
    closed_because: 'text',
    tab_open: 'boolean',
    automatic: 'boolean',
    load: 'jsonb',
    idle: 'boolean',
    after_work: 'jsonb',
    ticket: 'jsonb',
    offered_at: 'timestamptz',
    opened_at: 'timestamptz',
    closed_at: 'timestamptz',
  },
  {
    name: 'write_work_item',
    suffix: `ON CONFLICT (id) DO UPDATE
      SET status = excluded.status, closed_because = excluded.closed_because, tab_open = excluded.tab_open,
          load = excluded.load, idle = excluded.idle, after_work = excluded.after_work, ticket = excluded.ticket,
          opened_at = excluded.opened_at, closed_at = excluded.closed_at`,
  },
);
