import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { AppId, ConversationId, Millis, QueueId, AgentId, SessionId, SurveyId } from '../../kernel/index.js';
import { Db } from '../../platform/postgres/index.js';
import type { Asking } from './asking.js';

export interface DueSurvey {
  readonly id: SurveyId;
  readonly appId: AppId;
  readonly conversationId: ConversationId;
  readonly sessionId: SessionId;
  readonly asking: Asking;
  readonly agentId: AgentId | null;
  readonly teamId: string | null;
  readonly queueId: QueueId | null;
  /** The database's clock, read with the row. */
  readonly now: Millis;
}

/**
 * Surveys by the database's clock: those whose wait is over, those that are open too long. The clock must be a stable
 * function: with `clock_timestamp()` the index would be read to its end, through everything that is not due.
 */
@Injectable()
export class DueSurveys {
  constructor(private readonly db: Db) {}

  /** Longest due first. Takes no lock: one that is asked twice is asked once. */
  async due(limit: number): Promise<readonly DueSurvey[]> {
    const rows = await this.db
      .as('csat')
      .kysely.selectFrom('survey')
      .select(['id', 'app_id', 'conversation_id', 'session_id', 'asking', 'agent_id', 'team_id', 'queue_id'])
      .select(sql<Date>`statement_timestamp()`.as('now'))
      .where('status', '=', 'due')
      .where('send_at', '<=', sql<Date>`statement_timestamp()`)
      .orderBy('send_at')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      id: row.id as SurveyId,
      appId: row.app_id as AppId,
      conversationId: row.conversation_id as ConversationId,
      sessionId: row.session_id as SessionId,
      asking: row.asking as Asking,
      agentId: row.agent_id as AgentId | null,
      teamId: row.team_id,
      queueId: row.queue_id as QueueId | null,
      now: row.now.getTime(),
    }));
  }

  /** The conversation is gone: nobody can be asked. */
  async giveUp(id: SurveyId): Promise<void> {
    await this.db
      .as('csat')
      .kysely.updateTable('survey')
      .set({ status: 'suppressed', suppressed_because: 'conversation_removed' })
      .where('id', '=', id)
      .where('status', '=', 'due')
      .execute();
  }

  /** Closes those that are open too long, and answers how many. Rows that somebody is answering are left to them. */
  async close(limit: number): Promise<number> {
    const { numAffectedRows = 0n } = await sql`
      UPDATE survey SET status = 'expired' WHERE id IN (
        SELECT id FROM survey WHERE status IN ('sent', 'offered') AND expires_at <= statement_timestamp()
        ORDER BY expires_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`.execute(this.db.as('csat').kysely);
    return Number(numAffectedRows);
  }
}
