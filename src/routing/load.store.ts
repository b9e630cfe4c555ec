import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { SwitchboardEvent } from '../../sdk/index.js';
import type { AppId } from '../kernel/index.js';
import { beyond, order, type Page } from '../platform/http/index.js';
import { Db, refuseStrayCursor, type Tx } from '../platform/postgres/index.js';
import type { Place } from './load-change.js';

/** Open conversations that a switchboard integration holds. */
export interface Load {
  /** The switchboard integration. */
  readonly id: string;
  readonly openConversations: number;
}

const STANDING = sql`EXISTS (SELECT FROM app a WHERE a.id = n.app_id AND a.removed_at IS NULL)`;

/**
 * Who holds what, counted from events alone: no conversation is asked, so this could live in another house. What is told
 * of an app that was deleted leaves nothing.
 */
@Injectable()
export class Loads {
  constructor(private readonly db: Db) {}

  /** Each fact keeps the seq that told it last, so events may come late, twice or out of order between consumers. */
  async apply(tx: Tx, places: readonly Place[]): Promise<void> {
    if (places.length === 0) return;
    await sql`
      INSERT INTO routing_conversation AS r (conversation_id, app_id, holder_id, session_open, holder_seq, session_seq)
      SELECT * FROM unnest(
        ${places.map((place) => place.conversationId)}::text[], ${places.map((place) => place.appId)}::text[],
        ${places.map((place) => place.holder)}::text[], ${places.map((place) => place.open)}::boolean[],
        ${places.map((place) => place.holderSeq)}::int8[], ${places.map((place) => place.openSeq)}::int8[])
        AS n (conversation_id, app_id, holder_id, session_open, holder_seq, session_seq)
      WHERE ${STANDING}
      ON CONFLICT (conversation_id) DO UPDATE SET
        holder_id    = CASE WHEN excluded.holder_seq > r.holder_seq THEN excluded.holder_id ELSE r.holder_id END,
        session_open = CASE WHEN excluded.session_seq > r.session_seq THEN excluded.session_open ELSE r.session_open END,
        holder_seq   = greatest(excluded.holder_seq, r.holder_seq),
        session_seq  = greatest(excluded.session_seq, r.session_seq)`.execute(tx);
  }

  async recordEnds(tx: Tx, ends: readonly SwitchboardEvent<'session.ended'>[]): Promise<void> {
    if (ends.length === 0) return;
    const column = (of: (data: (typeof ends)[number]['data']) => string): string[] => ends.map(({ data }) => of(data));
    await sql`
      INSERT INTO routing_ended (session_id, app_id, conversation_id, ended_by, end_reason, ended_at)
      SELECT * FROM unnest(
        ${column(({ sessionId }) => sessionId)}::text[], ${column(({ appId }) => appId)}::text[],
        ${column(({ conversationId }) => conversationId)}::text[], ${column(({ endedBy }) => endedBy.type)}::text[],
        ${column(({ endReason }) => endReason)}::text[], ${column(({ endedAt }) => endedAt)}::timestamptz[])
        AS n (session_id, app_id, conversation_id, ended_by, end_reason, ended_at)
      WHERE ${STANDING}
      ON CONFLICT (session_id) DO NOTHING`.execute(tx);
  }

  /** By switchboard integration, in reading direction, up to `page.limit`; one that holds nothing is not listed. */
  async ofApp(appId: AppId, { cursor, direction, limit }: Page): Promise<readonly Load[]> {
    await refuseStrayCursor(this.db, 'switchboard_integration', cursor, { app_id: appId });
    const rows = await this.db.kysely
      .selectFrom('routing_conversation')
      .select(['holder_id', sql<number>`count(*)`.as('open')])
      .where('app_id', '=', appId)
      .where('session_open', '=', true)
      .where('holder_id', 'is not', null)
      .$if(cursor !== null, (query) => query.where('holder_id', beyond(direction), cursor ?? ''))
      .groupBy('holder_id')
      .orderBy('holder_id', order(direction))
      .limit(limit)
      .execute();
    return rows.map((row) => ({ id: row.holder_id ?? '', openConversations: Number(row.open) }));
  }

  /** Open conversations that nobody holds: their next activity wakes the default responder. */
  async unheld(appId: AppId): Promise<number> {
    const { open } = await this.db.kysely
      .selectFrom('routing_conversation')
      .select(sql<number>`count(*)`.as('open'))
      .where('app_id', '=', appId)
      .where('session_open', '=', true)
      .where('holder_id', 'is', null)
      .executeTakeFirstOrThrow();
    return Number(open);
  }

  /** The end recorded last, `null` before the first. */
  async lastEnded(
    appId: AppId,
  ): Promise<{ sessionId: string; endedBy: string; endReason: string; endedAt: Date } | null> {
    const row = await this.db.kysely
      .selectFrom('routing_ended')
      .selectAll()
      .where('app_id', '=', appId)
      .orderBy('session_id', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (!row) return null;
    return { sessionId: row.session_id, endedBy: row.ended_by, endReason: row.end_reason, endedAt: row.ended_at };
  }
}
