import { Injectable } from '@nestjs/common';
import { sql, type RawBuilder } from 'kysely';
import type { AppId, ConversationId } from '../kernel/index.js';
import { Db, type Tx } from '../platform/postgres/index.js';

/** Rows of one kind that are removed in one transaction: short enough for every neighbour. */
const PIECE = 200;

const OF_CONVERSATIONS = ['message', 'event', 'refusal', 'timer', 'routing_conversation'] as const;
const OF_APP = ['session', 'delivery', 'survey', 'solved_ticket', 'routing_ended', 'waiting', 'app_user'] as const;
const BY_SESSION: readonly string[] = ['routing_ended', 'solved_ticket', 'waiting'];

export interface Erased {
  /** The last conversation it passed; `null`: there were no more behind the place. */
  readonly last: string | null;
  /** Of those it passed, conversations of which something is still to be announced: they stay for now. */
  readonly kept: number;
}

/**
 * What an app leaves in tables that do not refer to it, in pieces. Its announcements are left to the relay, which keeps
 * them for two days for a stream that has to be filled again: they hold ids and no words.
 */
@Injectable()
export class AppContents {
  constructor(private readonly db: Db) {}

  /** Whether a webhook of the app is still to hear something; one that was tried in vain has had its chance. */
  async isAwaited(appId: AppId): Promise<boolean> {
    const { rows } = await sql`
      SELECT FROM webhook w CROSS JOIN generate_series(0, 255) AS p (partition)
      JOIN delivery d ON d.partition = p.partition AND d.webhook_id = w.id AND d.done_at IS NULL
      WHERE w.app_id = ${appId} AND NOT EXISTS (
        SELECT FROM delivery t WHERE t.partition = p.partition AND t.webhook_id = w.id AND t.lane = d.lane
                                 AND t.done_at IS NULL AND t.attempts > 0)
      LIMIT 1`.execute(this.db.kysely);
    return rows.length > 0;
  }

  /** The next conversations behind `place`, with all that is theirs. */
  eraseConversations(appId: AppId, place: string): Promise<Erased> {
    return this.db.transaction(async (tx) => {
      const { rows } = await sql<{ id: ConversationId; told: boolean }>`
        SELECT c.id, ${TOLD} AS told FROM conversation c WHERE c.app_id = ${appId} AND c.id > ${place}
        ORDER BY c.id LIMIT ${PIECE} FOR UPDATE`.execute(tx);
      const ids = rows.filter(({ told }) => told).map(({ id }) => id);
      if (ids.length > 0) await eraseAll(tx, ids);
      return { last: rows.at(-1)?.id ?? null, kept: rows.length - ids.length };
    });
  }

  /** Everything else, the app last: with it go its integrations, webhooks, switchboard, queues and agents. */
  async eraseRest(appId: AppId): Promise<void> {
    for (const table of OF_APP) while (await this.db.transaction((tx) => erasePiece(tx, table, appId)));
    await this.db.kysely.deleteFrom('app').where('id', '=', appId).where('removed_at', 'is not', null).execute();
  }
}

/** Nothing of the conversation waits for the stream. Its partition is the last byte of its id. */
const TOLD: RawBuilder<boolean> = sql`NOT EXISTS (
  SELECT FROM outbox o WHERE o.partition = ('x' || right(c.id, 2))::bit(8)::int AND o.conversation_id = c.id
                         AND o.published_at IS NULL)`;

async function eraseAll(tx: Tx, ids: readonly ConversationId[]): Promise<void> {
  for (const table of OF_CONVERSATIONS) await tx.deleteFrom(table).where('conversation_id', 'in', ids).execute();
  await sql`DELETE FROM idempotency WHERE about = ANY(${ids}::text[])`.execute(tx);
  await tx.deleteFrom('conversation').where('id', 'in', ids).execute();
}

async function erasePiece(tx: Tx, table: (typeof OF_APP)[number], appId: AppId): Promise<boolean> {
  const key = sql.ref(BY_SESSION.includes(table) ? 'session_id' : 'id');
  const { rows } = await sql<{ id: string }>`DELETE FROM ${sql.table(table)} WHERE ${key} IN (
    SELECT ${key} FROM ${sql.table(table)} WHERE app_id = ${appId} LIMIT ${PIECE}) RETURNING ${key} AS id`.execute(tx);
  if (table === 'app_user')
    await sql`DELETE FROM idempotency WHERE about = ANY(${rows.map(({ id }) => id)}::text[])`.execute(tx);
  return rows.length > 0;
}
