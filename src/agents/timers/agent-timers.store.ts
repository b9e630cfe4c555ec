import { Injectable } from '@nestjs/common';
import { sql, type Selectable } from 'kysely';
import type { AgentId, AppId, ConversationId, Millis, SessionId, WorkItemId } from '../../kernel/index.js';
import { newId } from '../../platform/ids.js';
import { Db, type Tables } from '../../platform/postgres/index.js';
import type { Departure } from '../core/index.js';

export interface DueAgentTimer {
  readonly id: string;
  readonly agentId: AgentId;
  readonly appId: AppId;
  readonly kind: 'agentGrace' | 'afterWork' | 'silence';
  /** The work item, or the connection that is not heard of. */
  readonly subject: string;
  readonly due: Millis;
  readonly lateMs: Millis;
}

export interface DueDeparture extends Departure {
  readonly id: string;
  readonly appId: AppId;
  readonly agentId: AgentId;
}

/** Deadlines of agents, and the conversations that have to hear of their going. Read without locks, as timers are. */
@Injectable()
export class AgentTimersStore {
  constructor(private readonly db: Db) {}

  /** Longest due first. */
  async due(limit: number): Promise<readonly DueAgentTimer[]> {
    const rows = await this.db
      .as('timers')
      .kysely.selectFrom('agent_timer')
      .select(['id', 'agent_id', 'app_id', 'kind', 'subject', 'due_at', LATENESS.as('late')])
      .where('due_at', '<=', sql<Date>`clock_timestamp()`)
      .orderBy('due_at')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      id: row.id,
      agentId: row.agent_id as AgentId,
      appId: row.app_id as AppId,
      kind: row.kind as DueAgentTimer['kind'],
      subject: row.subject,
      due: row.due_at.getTime(),
      lateMs: row.late,
    }));
  }

  /** Forgets a timer that was dealt with, unless it was moved in the meantime. */
  async forget({ id, due }: DueAgentTimer): Promise<void> {
    await this.db
      .as('timers')
      .kysely.deleteFrom('agent_timer')
      .where('id', '=', id)
      .where('due_at', '=', new Date(due))
      .execute();
  }

  /** The connection was heard of: it counts as silent only after `seconds` more. */
  async heard(appId: AppId, agentId: AgentId, connection: string, seconds: number): Promise<void> {
    const due_at = sql<Date>`date_trunc('milliseconds', clock_timestamp()) + make_interval(secs => ${seconds})`;
    await this.db.kysely
      .insertInto('agent_timer')
      .values({ id: newId(), agent_id: agentId, app_id: appId, kind: 'silence', subject: connection, due_at })
      .onConflict((conflict) => conflict.columns(['agent_id', 'kind', 'subject']).doUpdateSet({ due_at }))
      .execute();
  }

  /** Oldest first. */
  async departures(limit: number): Promise<readonly DueDeparture[]> {
    const rows = await this.departing().orderBy('created_at').limit(limit).execute();
    return rows.map(departureOf);
  }

  async departuresOf(agentId: AgentId): Promise<readonly DueDeparture[]> {
    return (await this.departing().where('agent_id', '=', agentId).execute()).map(departureOf);
  }

  /** What waits to be told, counted up to 100,000, and for how long the longest of them. */
  async backlog(): Promise<{ readonly departures: number; readonly oldestSeconds: number }> {
    const { departures, oldest } = await this.db
      .as('timers')
      .kysely.selectFrom((from) => from.selectFrom('agent_departure').select('created_at').limit(100_000).as('waits'))
      .select([sql<number>`count(*)::int`.as('departures'), OLDEST.as('oldest')])
      .executeTakeFirstOrThrow();
    return { departures, oldestSeconds: oldest };
  }

  async departed(id: string): Promise<void> {
    await this.db.as('timers').kysely.deleteFrom('agent_departure').where('id', '=', id).execute();
  }

  private departing() {
    return this.db.as('timers').kysely.selectFrom('agent_departure').selectAll();
  }
}

const departureOf = (row: Selectable<Tables['agent_departure']>): DueDeparture => ({
  id: row.id,
  appId: row.app_id as AppId,
  agentId: row.agent_id as AgentId,
  workItemId: row.work_item_id as WorkItemId,
  sessionId: row.session_id as SessionId,
  conversationId: row.conversation_id as ConversationId,
  what: row.what as Departure['what'],
});

const LATENESS = sql<number>`(extract(epoch FROM clock_timestamp() - due_at) * 1000)::float8`;

const OLDEST = sql<number>`coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8`;
