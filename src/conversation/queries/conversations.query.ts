import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { AppConfiguration } from '../../configuration/index.js';
import { Failure, type AppId, type ConversationId, type Millis, type UserId } from '../../kernel/index.js';
import { beyond, order, type Slice } from '../../platform/http/index.js';
import { Db, refuseStrayCursor, strayCursor } from '../../platform/postgres/index.js';
import { readableConversation, type Reader } from '../../reading/index.js';
import { mayBeginAnother, type ConversationState } from '../core/index.js';
import { profileOf } from '../commands/held.store.js';
import type { ConversationProfile } from '../recorded.js';
import type { Standing } from '../views.js';
import { restored } from '../stored-state.js';

/** A conversation as it was committed last; decisions never rest on it. */
export interface ConversationRecord {
  readonly id: ConversationId;
  readonly profile: ConversationProfile;
  readonly state: ConversationState;
}

/** Reads of conversations. */
@Injectable()
export class ConversationsQuery {
  constructor(private readonly db: Db) {}

  /** `Failure('conversation_not_found')` when it does not exist in this app. */
  async find(appId: AppId, id: ConversationId | null): Promise<ConversationRecord> {
    if (id === null) throw notFound();
    const row = await this.db.kysely
      .selectFrom('conversation')
      .selectAll()
      .where('id', '=', id)
      .where('app_id', '=', appId)
      .executeTakeFirst();
    if (!row) throw notFound();
    return { id, profile: profileOf({ ...row }), state: restored(row.state) };
  }

  /** The conversations a user takes part in, by id, in reading direction; of them those that `reader` may read. */
  async ofUser(
    appId: AppId,
    userId: UserId,
    { cursor, direction, limit }: Slice,
    reader: Reader | null = null,
  ): Promise<readonly ConversationRecord[]> {
    await this.refuseStrayCursor(appId, userId, cursor);
    const rows = await this.db.kysely
      .selectFrom('participant as p')
      .innerJoin('conversation as c', 'c.id', 'p.conversation_id')
      .selectAll('c')
      .where('p.user_id', '=', userId)
      .where(readableConversation(appId, reader, 'c'))
      .$if(cursor !== null, (query) => query.where('p.conversation_id', beyond(direction), cursor ?? ''))
      .orderBy('p.conversation_id', order(direction))
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      id: row.id as ConversationId,
      profile: profileOf({ ...row }),
      state: restored(row.state),
    }));
  }

  /** What the API says of a conversation beside its row; without a user, of a group as the business sees it. */
  async standing(
    appId: AppId,
    userId: UserId | null,
    { settings }: Pick<AppConfiguration, 'settings'>,
  ): Promise<Standing> {
    const { rows } = await sql<{ now: Millis; first: unknown }>`
      SELECT (extract(epoch FROM statement_timestamp()) * 1000)::float8 AS now,
             (SELECT state FROM conversation WHERE user_id = ${userId} AND is_default AND app_id = ${appId}) AS first
    `.execute(this.db.kysely);
    const { now = 0, first = null } = rows[0] ?? {};
    return { now, newConversationAllowed: mayBeginAnother(first === null ? null : restored(first), settings, now) };
  }

  /** A conversation that is gone says where it was. */
  private async refuseStrayCursor(appId: AppId, userId: UserId, cursor: string | null): Promise<void> {
    await refuseStrayCursor(this.db, 'conversation', cursor, { app_id: appId });
    if (cursor === null || (await this.takesPart(cursor as ConversationId, userId))) return;
    const there = this.db.kysely.selectFrom('conversation').select('id').where('id', '=', cursor);
    if ((await there.executeTakeFirst()) !== undefined) throw strayCursor();
  }

  async takesPart(id: ConversationId, userId: UserId): Promise<boolean> {
    const row = await this.db.kysely
      .selectFrom('participant')
      .select('id')
      .where('conversation_id', '=', id)
      .where('user_id', '=', userId)
      .executeTakeFirst();
    return row !== undefined;
  }
}

export const notFound = (): Failure => new Failure('conversation_not_found', 'Conversation not found');
