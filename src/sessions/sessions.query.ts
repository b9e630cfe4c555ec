import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { restoredSession, sessionView, type Session, type SessionView } from '../conversation/index.js';
import { beyond, order, type Slice } from '../platform/http/index.js';
import {
  Failure,
  type AgentId,
  type AppId,
  type ConversationId,
  type QueueId,
  type SessionId,
  type UserId,
} from '../kernel/index.js';
import { readableSession, type Reader } from '../reading/index.js';
import { Batch, Db, inApps, refuseStrayCursor } from '../platform/postgres/index.js';

export interface SessionFilter {
  readonly statuses: readonly Session['status'][] | null;
  readonly userId: UserId | null;
  /** Who handles it now. */
  readonly agentId: AgentId | null;
  /** Where it waits, or was queued last. */
  readonly queueId: QueueId | null;
}

/** Reads of sessions. The row tells where a session stands; what a live one counts is in its conversation's state. */
@Injectable()
export class SessionsQuery {
  private readonly one = new Batch((asked: readonly Asked[]) => this.byIds(asked), MOST_AT_ONCE);

  constructor(private readonly db: Db) {}

  /** By id, in reading direction; those that `reader` may read. */
  async list(
    appId: AppId,
    filter: SessionFilter,
    { cursor, direction, limit }: Slice,
    reader: Reader | null,
  ): Promise<readonly SessionView[]> {
    await refuseStrayCursor(this.db, 'session', cursor, {
      app_id: appId,
      ...(filter.userId !== null && { user_id: filter.userId }),
    });
    const rows = await this.sessions(appId)
      .where(readableSession(appId, reader, 's'))
      .$if(filter.statuses !== null, (query) => query.where('s.status', 'in', filter.statuses ?? []))
      .$if(filter.userId !== null, (query) => query.where('s.user_id', '=', filter.userId ?? ''))
      .$if(filter.agentId !== null, (query) =>
        query.where('s.owner', '=', filter.agentId ?? '').where('s.ended_at', 'is', null),
      )
      .$if(filter.queueId !== null, (query) =>
        query.where('s.queue_id', '=', filter.queueId ?? '').where('s.ended_at', 'is', null),
      )
      .$if(cursor !== null, (query) => query.where('s.id', beyond(direction), cursor ?? ''))
      .orderBy('s.id', order(direction))
      .limit(limit)
      .execute();
    return rows.map(viewOf);
  }

  /** `Failure('session_not_found')` when the app has no such session. */
  async find(appId: AppId, id: SessionId | null): Promise<SessionView> {
    const row = id === null ? null : await this.one.add({ appId, id });
    if (row?.app_id !== appId) throw new Failure('session_not_found', 'Session not found');
    return viewOf(row);
  }

  /** When the conversation's next session began; `null`: there is none yet. */
  async nextBegan(conversationId: ConversationId, id: SessionId): Promise<Date | null> {
    const row = await this.db.kysely
      .selectFrom('session as s')
      .innerJoin('session as next', 'next.conversation_id', 's.conversation_id')
      .select((s) => s.fn.min('next.started_at').as('began'))
      .where('s.id', '=', id)
      .where('s.conversation_id', '=', conversationId)
      .whereRef('next.started_at', '>', 's.started_at')
      .executeTakeFirst();
    return row?.began ?? null;
  }

  /** Of all the apps that asked in this moment. */
  private async byIds(asked: readonly Asked[]): Promise<readonly (SessionRow | null)[]> {
    const apps = asked.map(({ appId }) => appId);
    const ids = asked.map(({ id }) => id);
    const rows = await inApps(apps, () => this.select().where('s.id', 'in', ids).execute());
    const found = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => found.get(id) ?? null);
  }

  private sessions(appId: AppId) {
    return this.select().where('s.app_id', '=', appId);
  }

  private select() {
    return this.db.kysely
      .selectFrom('session as s')
      .leftJoin('conversation as c', 'c.id', 's.conversation_id')
      .select(['s.id', 's.app_id', 's.conversation_id', 's.user_id', 's.data', LIVE.as('live')]);
  }
}

const LIVE = sql<Session | null>`CASE WHEN s.ended_at IS NULL THEN c.state -> 'session' END`;

/** As the indexes have them (`migrations/0009_routing.sql`). */

const MOST_AT_ONCE = 200;

interface Asked {
  readonly appId: AppId;
  readonly id: SessionId;
}

interface SessionRow {
  readonly app_id: string;
  readonly id: string;
  readonly conversation_id: string;
  readonly user_id: string | null;
  readonly data: unknown;
  readonly live: Session | null;
}

function viewOf({ id, conversation_id, user_id, data, live }: SessionRow): SessionView {
  const session = live?.id === id ? restoredSession(live) : (data as Session);
  return sessionView(conversation_id as ConversationId, user_id, session);
}
