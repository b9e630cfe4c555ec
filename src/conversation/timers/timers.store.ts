import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { AppId, ConversationId, Millis } from '../../kernel/index.js';
import { Db } from '../../platform/postgres/index.js';
import type { TimerKind } from '../rows/timer-rows.store.js';

export interface DueTimer {
  readonly id: string;
  readonly conversationId: ConversationId;
  readonly appId: AppId;
  readonly kind: TimerKind;
  /** The offer's `seq` or the session's id. */
  readonly subject: string;
  /** How late it is, by the database's clock. */
  readonly lateMs: Millis;
}

@Injectable()
export class TimersStore {
  constructor(private readonly db: Db) {}

  /** Timers that are due, longest first. Takes no lock: a timer that another process takes too is a no-op there. */
  async due(limit: number): Promise<readonly DueTimer[]> {
    const rows = await this.db.kysely
      .selectFrom('timer')
      .select(['id', 'conversation_id', 'app_id', 'kind', 'subject', LATENESS.as('late')])
      .where('due_at', '<=', sql<Date>`clock_timestamp()`)
      .orderBy('due_at')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      id: row.id,
      conversationId: row.conversation_id as ConversationId,
      appId: row.app_id as AppId,
      kind: row.kind as TimerKind,
      subject: row.subject,
      lateMs: row.late,
    }));
  }

  /** Forgets the timer of a conversation that is gone. */
  async forget(id: string): Promise<void> {
    await this.db.kysely.deleteFrom('timer').where('id', '=', id).execute();
  }
}

const LATENESS = sql<number>`(extract(epoch FROM clock_timestamp() - due_at) * 1000)::float8`;
