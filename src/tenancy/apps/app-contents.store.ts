import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { AppId } from '../../kernel/index.js';
import { Db, type Tx } from '../../platform/postgres/index.js';

/** Rows of one kind that are removed in one transaction: short enough for every neighbour. */
const PIECE = 200;

const OF_CONVERSATIONS = ['message', 'event', 'refusal', 'timer', 'outbox', 'routing_conversation'] as const;
const OF_APP = ['session', 'delivery', 'survey', 'solved_ticket', 'routing_ended', 'waiting'] as const;
const BY_SESSION: readonly string[] = ['routing_ended', 'solved_ticket', 'waiting'];

/** What an app leaves in tables that do not refer to it. */
@Injectable()
export class AppContents {
  constructor(private readonly db: Db) {}

  /** Removes everything, in pieces: a delete that was cut short is finished by the next one. */
  async erase(appId: AppId): Promise<void> {
    while (await this.db.transaction((tx) => eraseConversations(tx, appId)));
    for (const table of OF_APP) while (await this.db.transaction((tx) => erasePiece(tx, table, appId)));
    while (await this.db.transaction((tx) => erasePiece(tx, 'app_user', appId)));
  }
}

async function eraseConversations(tx: Tx, appId: AppId): Promise<boolean> {
  const held = await tx
    .selectFrom('conversation')
    .select('id')
    .where('app_id', '=', appId)
    .orderBy('id')
    .limit(PIECE)
    .forUpdate()
    .execute();
  if (held.length === 0) return false;
  const ids = held.map(({ id }) => id);
  for (const table of OF_CONVERSATIONS) await tx.deleteFrom(table).where('conversation_id', 'in', ids).execute();
  await tx.deleteFrom('conversation').where('id', 'in', ids).execute();
  return true;
}

async function erasePiece(tx: Tx, table: (typeof OF_APP)[number] | 'app_user', appId: AppId): Promise<boolean> {
  const key = sql.ref(BY_SESSION.includes(table) ? 'session_id' : 'id');
  const { numAffectedRows = 0n } = await sql`DELETE FROM ${sql.table(table)} WHERE ${key} IN (
    SELECT ${key} FROM ${sql.table(table)} WHERE app_id = ${appId} LIMIT ${PIECE})`.execute(tx);
  return numAffectedRows > 0n;
}
