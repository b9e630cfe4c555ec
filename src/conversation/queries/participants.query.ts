import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { ConversationId, IsoTime } from '../../kernel/index.js';
import { Db } from '../../platform/postgres/index.js';
import { isoTime } from '../../platform/clock/index.js';
import { beyond, order, type Slice } from '../../platform/http/index.js';

/** A participant as the API returns it (`sunco.md` 7). Clients come with channels: none are linked so far. */
export interface ParticipantView {
  readonly id: string;
  readonly userId: string;
  readonly userExternalId?: string;
  /** Messages by others since the last read; notes of an end are not counted (E-20). */
  readonly unreadCount: number;
  readonly lastRead?: IsoTime;
  readonly clientAssociations: readonly never[];
}

@Injectable()
export class ParticipantsQuery {
  constructor(private readonly db: Db) {}

  /** By id, in reading direction. */
  async of(conversationId: ConversationId, { cursor, direction, limit }: Slice): Promise<readonly ParticipantView[]> {
    const rows = await this.db.kysely
      .selectFrom('participant as p')
      .leftJoin('app_user as u', 'u.id', 'p.user_id')
      .select(['p.id', 'p.user_id', 'u.external_id', 'p.last_read_at', UNREAD.as('unread')])
      .where('p.conversation_id', '=', conversationId)
      .$if(cursor !== null, (query) => query.where('p.id', beyond(direction), cursor ?? ''))
      .orderBy('p.id', order(direction))
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      id: row.id,
      userId: row.user_id,
      ...(row.external_id !== null && { userExternalId: row.external_id }),
      unreadCount: row.unread,
      ...(row.last_read_at !== null && { lastRead: isoTime(row.last_read_at) }),
      clientAssociations: [],
    }));
  }
}

const UNREAD = sql<number>`(
  SELECT count(*) FROM message m
  WHERE m.conversation_id = p.conversation_id AND m.seq > p.last_read_seq AND NOT m.body ? 'activity'
    AND (m.author_type = 'business' OR m.body -> 'author' ->> 'userId' IS DISTINCT FROM p.user_id))`;
