import { Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import type { AgentId, AppId, ConversationId, IsoTime, SessionId, WorkItemId } from '../kernel/index.js';
import { isoTime } from '../platform/clock/index.js';
import { beyond, order, type Slice } from '../platform/http/index.js';
import { Db, refuseStrayCursor, type Tables } from '../platform/postgres/index.js';
import type { Load, Ticket } from './core/index.js';

export interface WorkItemView {
  readonly id: string;
  readonly agentId: string;
  readonly sessionId: SessionId;
  readonly conversationId: ConversationId;
  readonly queueId: string | null;
  readonly status: string;
  readonly closedBecause: string | null;
  readonly tabOpen: boolean;
  /** Routing assigned it; else it never counts (K-2). */
  readonly automatic: boolean;
  readonly idle: boolean;
  readonly load: Load;
  readonly afterWork: { readonly until: IsoTime; readonly extensions: number } | null;
  readonly ticket: Ticket | null;
  readonly notes: string | null;
  readonly unsavedNotes: string | null;
  readonly offeredAt: IsoTime | null;
  readonly openedAt: IsoTime | null;
  readonly closedAt: IsoTime | null;
}

export interface WorkItemFilter {
  /** `closed`, or what is not. */
  readonly closed: boolean | null;
  readonly sessionId: string | null;
}

/** Work of agents, past and present; what counts now is in the agent. */
@Injectable()
export class WorkItemsQuery {
  constructor(private readonly db: Db) {}

  /** By id, which is by age, in reading direction. */
  async list(
    appId: AppId,
    agentId: AgentId,
    { closed, sessionId }: WorkItemFilter,
    { cursor, direction, limit }: Slice,
  ): Promise<readonly WorkItemView[]> {
    await refuseStrayCursor(this.db, 'work_item', cursor, { agent_id: agentId }, { lasting: true });
    const rows = await this.db.kysely
      .selectFrom('work_item')
      .selectAll()
      .where('app_id', '=', appId)
      .where('agent_id', '=', agentId)
      .$if(closed !== null, (query) => query.where('closed_at', closed === true ? 'is not' : 'is', null))
      .$if(sessionId !== null, (query) => query.where('session_id', '=', sessionId ?? ''))
      .$if(cursor !== null, (query) => query.where('id', beyond(direction), cursor ?? ''))
      .orderBy('id', order(direction))
      .limit(limit)
      .execute();
    return rows.map(viewOf);
  }

  async find(appId: AppId, agentId: AgentId, id: WorkItemId | null): Promise<WorkItemView | null> {
    if (id === null) return null;
    const row = await this.db.kysely
      .selectFrom('work_item')
      .selectAll()
      .where('app_id', '=', appId)
      .where('agent_id', '=', agentId)
      .where('id', '=', id)
      .executeTakeFirst();
    return row === undefined ? null : viewOf(row);
  }
}

type WorkItemRow = Selectable<Tables['work_item']>;

function viewOf(row: WorkItemRow): WorkItemView {
  const afterWork = row.after_work as { readonly until: number; readonly extensions: number } | null;
  return {
    id: row.id,
    agentId: row.agent_id,
    sessionId: row.session_id as SessionId,
    conversationId: row.conversation_id as ConversationId,
    queueId: row.queue_id,
    status: row.status,
    closedBecause: row.closed_because,
    tabOpen: row.tab_open,
    automatic: row.automatic,
    idle: row.idle,
    load: row.load as Load,
    afterWork: afterWork && { ...afterWork, until: isoTime(afterWork.until) },
    ticket: row.ticket as Ticket | null,
    notes: row.notes,
    unsavedNotes: row.draft,
    offeredAt: timeOf(row.offered_at),
    openedAt: timeOf(row.opened_at),
    closedAt: timeOf(row.closed_at),
  };
}

const timeOf = (time: Date | null): IsoTime | null => (time === null ? null : isoTime(time));
