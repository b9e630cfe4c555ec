import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { sessionView, type Session, type SessionView } from '../conversation/index.js';
import { beyond, order, type Slice } from '../platform/http/index.js';
import { Failure, type AppId, type ConversationId, type SessionId, type UserId } from '../kernel/index.js';
import { Db } from '../platform/postgres/index.js';

export interface SessionFilter {
  readonly status: Session['status'] | null;
  readonly userId: UserId | null;
}

/** Reads of sessions. The row tells where a session stands; what a live one counts is in its conversation's state. */
@Injectable()
export class SessionsQuery {
  constructor(private readonly db: Db) {}

  /** By id, in reading direction. */
  async list(
    appId: AppId,
    filter: SessionFilter,
    { cursor, direction, limit }: Slice,
  ): Promise<readonly SessionView[]> {
    const rows = await this.sessions(appId)
      .$if(filter.status !== null, (query) => query.where('s.status', '=', filter.status ?? ''))
      .$if(filter.userId !== null, (query) => query.where('s.user_id', '=', filter.userId ?? ''))
      .$if(cursor !== null, (query) => query.where('s.id', beyond(direction), cursor ?? ''))
      .orderBy('s.id', order(direction))
      .limit(limit)
      .execute();
    return rows.map(viewOf);
  }

  /** `Failure('session_not_found')` when the app has no such session. */
  async find(appId: AppId, id: SessionId | null): Promise<SessionView> {
    const row = id === null ? undefined : await this.sessions(appId).where('s.id', '=', id).executeTakeFirst();
    if (!row) throw new Failure('session_not_found', 'Session not found');
    return viewOf(row);
  }

  private sessions(appId: AppId) {
    return this.db.kysely
      .selectFrom('session as s')
      .leftJoin('conversation as c', 'c.id', 's.conversation_id')
      .select(['s.id', 's.conversation_id', 's.user_id', 's.data', LIVE.as('live')])
      .where('s.app_id', '=', appId);
  }
}

const LIVE = sql<Session | null>`CASE WHEN s.ended_at IS NULL THEN c.state -> 'session' END`;

interface SessionRow {
  readonly id: string;
  readonly conversation_id: string;
  readonly user_id: string | null;
  readonly data: unknown;
  readonly live: Session | null;
}

function viewOf({ id, conversation_id, user_id, data, live }: SessionRow): SessionView {
  const session = live?.id === id ? live : (data as Session);
  return sessionView(conversation_id as ConversationId, user_id, session);
}
