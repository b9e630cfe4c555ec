import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { ConversationId, IsoTime, MessageId } from '../../kernel/index.js';
import { Db, strayCursor } from '../../platform/postgres/index.js';
import { isoTime } from '../../platform/clock/index.js';
import { beyond, order, type Slice } from '../../platform/http/index.js';
import type { MessageBody } from '../recorded.js';

/** When a message was received: `from` inclusive, `until` exclusive and `null` for no limit. */
export interface Span {
  readonly from: Date;
  readonly until: Date | null;
}

type StoredBody = Omit<MessageBody, 'id' | 'received'>;

/** Reads of messages, in the order they were written. */
@Injectable()
export class MessagesQuery {
  constructor(private readonly db: Db) {}

  /** In reading direction; a cursor is a message's id. Without a `span`, all there ever were. */
  async of(
    conversationId: ConversationId,
    { cursor, direction, limit }: Slice,
    span: Span | null = null,
  ): Promise<readonly MessageBody[]> {
    const edge = cursor === null ? null : await this.seqOf(conversationId, cursor, span);
    const rows = await this.db.kysely
      .selectFrom('message')
      .select(['id', 'received_at', 'body'])
      .where('conversation_id', '=', conversationId)
      .$if(edge !== null, (query) => query.where('seq', beyond(direction), edge ?? 0))
      .$if(span !== null, (query) => query.where('received_at', '>=', span?.from ?? new Date(0)))
      .$if(span !== null && span.until !== null, (query) => query.where('received_at', '<', span?.until ?? new Date(0)))
      .orderBy('seq', order(direction))
      .limit(limit)
      .execute();
    return rows.map((row) => stored(row.id as MessageId, isoTime(row.received_at), row.body as StoredBody));
  }

  /** `null` when the conversation has no such message. */
  async find(conversationId: ConversationId, id: MessageId | null): Promise<MessageBody | null> {
    if (id === null) return null;
    const row = await this.db.kysely
      .selectFrom('message')
      .select(['id', 'received_at', 'body'])
      .where('conversation_id', '=', conversationId)
      .where('id', '=', id)
      .executeTakeFirst();
    return row ? stored(id, isoTime(row.received_at), row.body as StoredBody) : null;
  }

  /** Also of a message that was deleted since the caller read it: its event stays. */
  private async seqOf(conversationId: ConversationId, messageId: string, span: Span | null): Promise<number> {
    const place =
      (await this.db.kysely
        .selectFrom('message')
        .select(['seq', 'received_at as at'])
        .where('conversation_id', '=', conversationId)
        .where('id', '=', messageId)
        .executeTakeFirst()) ??
      (await this.db.kysely
        .selectFrom('event')
        .select(['seq', 'at'])
        .where('conversation_id', '=', conversationId)
        .where(sql`data ->> 'messageId'`, '=', messageId)
        .where('type', '<>', 'messagesRemoved')
        .orderBy('seq')
        .executeTakeFirst());
    if (!place || (span !== null && !isIn(span, place.at))) throw strayCursor();
    return place.seq;
  }
}

const isIn = ({ from, until }: Span, at: Date): boolean => at >= from && (until === null || at < until);

const stored = (id: MessageId, received: IsoTime, body: StoredBody): MessageBody => ({ id, received, ...body });
