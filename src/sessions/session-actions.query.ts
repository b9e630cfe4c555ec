import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { restored, type ConversationState } from '../conversation/index.js';
import { Failure, type AppId, type Millis, type SessionId } from '../kernel/index.js';
import { Db } from '../platform/postgres/index.js';

export interface SessionMoment {
  /** Of the session's conversation, as it was committed last. */
  readonly state: ConversationState;
  readonly now: Millis;
}

@Injectable()
export class SessionActionsQuery {
  constructor(private readonly db: Db) {}

  /** @throws Failure `session_not_found` */
  async moment(appId: AppId, id: SessionId | null): Promise<SessionMoment> {
    const { rows } = await sql<SessionMoment>`
      SELECT c.state, (extract(epoch FROM statement_timestamp()) * 1000)::float8 AS now
      FROM session s JOIN conversation c ON c.id = s.conversation_id
      WHERE s.id = ${id} AND s.app_id = ${appId}`.execute(this.db.kysely);
    const [row] = rows;
    if (row === undefined) throw new Failure('session_not_found', 'Session not found');
    return { ...row, state: restored(row.state) };
  }
}
