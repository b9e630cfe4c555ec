import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { AppId, ConversationId, UserId } from '../../kernel/index.js';
import { Db, refuseStrayCursor } from '../../platform/postgres/index.js';
import { participantView, UNREAD, type ParticipantView } from '../participant-view.js';
import { beyond, order, type Slice } from '../../platform/http/index.js';

@Injectable()
export class ParticipantsQuery {
  constructor(private readonly db: Db) {}

  /** By id, in reading direction. */
  async of(conversationId: ConversationId, { cursor, direction, limit }: Slice): Promise<readonly ParticipantView[]> {
    await refuseStrayCursor(this.db, 'participant', cursor, { conversation_id: conversationId });
    const rows = await this.db.kysely
      .selectFrom('participant as p')
      .leftJoin('app_user as u', 'u.id', 'p.user_id')
      .select(['p.id', 'p.user_id', 'u.external_id', 'p.last_read_at', sql<number>`${sql.raw(UNREAD)}`.as('unread')])
      .where('p.conversation_id', '=', conversationId)
      .$if(cursor !== null, (query) => query.where('p.id', beyond(direction), cursor ?? ''))
      .orderBy('p.id', order(direction))
      .limit(limit)
      .execute();
    return rows.map((row) => participantView(row, row.user_id, row.external_id));
  }

  /** Messages by others since this user's last read. */
  async unreadOf(conversationId: ConversationId, userId: UserId): Promise<number> {
    const row = await this.db.kysely
      .selectFrom('participant as p')
      .select(sql<number>`${sql.raw(UNREAD)}::int`.as('unread'))
      .where('p.conversation_id', '=', conversationId)
      .where('p.user_id', '=', userId)
      .executeTakeFirst();
    return row?.unread ?? 0;
  }

  /** The user behind a participant's id; `null` when nobody takes part under it. */
  async userOf(appId: AppId, conversationId: ConversationId, id: string): Promise<UserId | null> {
    const row = await this.db.kysely
      .selectFrom('participant as p')
      .innerJoin('conversation as c', 'c.id', 'p.conversation_id')
      .select('p.user_id')
      .where('c.app_id', '=', appId)
      .where('p.conversation_id', '=', conversationId)
      .where('p.id', '=', id)
      .executeTakeFirst();
    return row === undefined ? null : (row.user_id as UserId);
  }
}
