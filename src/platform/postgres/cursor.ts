import { sql } from 'kysely';
import { Failure } from '../../kernel/index.js';
import type { Db } from './db.js';
import type { Tables } from './tables.js';

/** What a record must have to be of a list: its app, its conversation, its agent. */
export type ListMarks = Readonly<Record<string, string>>;

export interface CursorRules {
  /** Records of this list are never removed, so a cursor that nobody knows was never one of it. */
  readonly lasting?: boolean;
}

/**
 * Refuses a cursor that names a record of another list: another app's, conversation's, agent's. One that is gone says
 * where it was all the same, for lists go by id.
 *
 * @throws Failure `bad_request` "Invalid page query parameters"
 */
export async function refuseStrayCursor(
  db: Pick<Db, 'as'>,
  table: keyof Tables,
  cursor: string | null,
  marks: ListMarks,
  { lasting = false }: CursorRules = {},
): Promise<void> {
  if (cursor === null) return;
  const is = Object.entries(marks).map(([column, value]) => sql`${sql.ref(column)} IS NOT DISTINCT FROM ${value}`);
  const { rows } = await sql<{ here: boolean }>`
    SELECT ${sql.join(is, sql` AND `)} AS here FROM ${sql.table(table)} WHERE id = ${cursor}`.execute(
    db.as('cursors').kysely,
  );
  const known = rows[0];
  if (known === undefined ? lasting : !known.here) throw strayCursor();
}

export const strayCursor = (): Failure => new Failure('bad_request', 'Invalid page query parameters');
