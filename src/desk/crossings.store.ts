import { Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import type { AgentId, AppId, ConversationId, SessionId } from '../kernel/index.js';
import { databaseNow } from '../platform/clock/index.js';
import { Db, type Tables, type Tx } from '../platform/postgres/index.js';

/** Work, or an observer, that joined a session of one app with an agent of another (migration 0011). */
export interface Crossing {
  /** The work item; of an observer the session. */
  readonly subject: string;
  readonly what: 'work' | 'observer';
  /** Whose session it was. */
  readonly appId: AppId;
  readonly agentId: AgentId;
  /** Whose agent it was; `null`: nobody's. */
  readonly agentAppId: AppId | null;
  readonly sessionId: SessionId;
  readonly conversationId: ConversationId;
}

@Injectable()
export class CrossingsStore {
  constructor(private readonly db: Db) {}

  /** Those whose conversation has not heard of it. */
  async untold(limit: number): Promise<readonly Crossing[]> {
    const rows = await this.db
      .as('timers')
      .kysely.selectFrom('crossed_work')
      .selectAll()
      .where('told_at', 'is', null)
      .orderBy('found_at')
      .limit(limit)
      .execute();
    return rows.map(crossingOf);
  }

  /** `false`: another process was faster. */
  async told(tx: Tx, { subject, agentId, what }: Crossing): Promise<boolean> {
    const { numUpdatedRows } = await tx
      .updateTable('crossed_work')
      .set({ told_at: await databaseNow(tx) })
      .where('subject', '=', subject)
      .where('agent_id', '=', agentId)
      .where('what', '=', what)
      .where('told_at', 'is', null)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }
}

const crossingOf = (row: Selectable<Tables['crossed_work']>): Crossing => ({
  subject: row.subject,
  what: row.what as Crossing['what'],
  appId: row.app_id as AppId,
  agentId: row.agent_id as AgentId,
  agentAppId: row.agent_app_id as AppId | null,
  sessionId: row.session_id as SessionId,
  conversationId: row.conversation_id as ConversationId,
});
