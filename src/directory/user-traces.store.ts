import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { restored, type ConversationState } from '../conversation/index.js';
import { PersonErasure } from '../erasure/index.js';
import type { AppId, ConversationId, UserId } from '../kernel/index.js';
import { Db, type Tx } from '../platform/postgres/index.js';

/** What a user left behind, to be found and taken away. */
@Injectable()
export class UserTraces {
  constructor(
    private readonly db: Db,
    private readonly erasure: PersonErasure,
  ) {}

  /**
   * The user's personal conversations, which go with them. None of them stays the default one: such a conversation can
   * be removed only together with its user.
   */
  async releaseConversations(userId: UserId): Promise<ConversationId[]> {
    const { rows } = await sql<{ id: ConversationId }>`
      UPDATE conversation SET is_default = false
      WHERE type = 'personal' AND user_id = ${userId}
        AND id IN (SELECT conversation_id FROM participant WHERE user_id = ${userId})
      RETURNING id`.execute(this.db.kysely);
    return rows.map(({ id }) => id);
  }

  /** The states of the user's personal conversations. */
  async states(userId: UserId): Promise<ConversationState[]> {
    const { rows } = await sql<{ state: unknown }>`
      SELECT state FROM conversation WHERE type = 'personal' AND user_id = ${userId}`.execute(this.db.kysely);
    return rows.map(({ state }) => restored(state));
  }

  /** What webhooks were told of conversations that are gone; what is still to be told is told, without words. */
  async eraseDelivered(appId: AppId, conversations: readonly ConversationId[]): Promise<void> {
    await sql`
      DELETE FROM delivery
      WHERE app_id = ${appId} AND lane = ANY (${conversations}::text[]) AND done_at IS NOT NULL`.execute(
      this.db.kysely,
    );
  }

  /**
   * The user, and what they said in groups, also in those they left, with every copy of it: those messages keep their
   * place and lose their content. `false`: a conversation was opened meanwhile and must go first. The caller has locked
   * the user.
   */
  async erase(tx: Tx, appId: AppId, userId: UserId): Promise<boolean> {
    const left = await sql`
      SELECT FROM participant p JOIN conversation c ON c.id = p.conversation_id
      WHERE p.user_id = ${userId} AND c.type = 'personal' LIMIT 1`.execute(tx);
    if (left.rows.length > 0) return false;
    const groups = await this.erasure.conversations(userId, tx);
    await this.erasure.eraseWithin(tx, { appId, userId, wholly: true }, groups);
    await sql`
      UPDATE message m
      SET body = jsonb_build_object('author', jsonb_build_object('type', 'user'), 'source', m.body -> 'source',
                                    'content', jsonb_build_object('type', 'text', 'text', ''))
      WHERE m.conversation_id = ANY(${groups}::text[])
        AND m.author_type = 'user' AND m.body -> 'author' ->> 'userId' = ${userId}`.execute(tx);
    await sql`UPDATE survey SET comment = NULL WHERE answered_by = ${userId} AND comment IS NOT NULL`.execute(tx);
    await tx.deleteFrom('participant').where('user_id', '=', userId).execute();
    await tx.deleteFrom('app_user').where('app_id', '=', appId).where('id', '=', userId).execute();
    return true;
  }
}
