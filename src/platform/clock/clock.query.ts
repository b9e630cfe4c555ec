import { sql } from 'kysely';
import type { Tx } from '../postgres/index.js';

/**
 * The database's clock, the only clock whose times are stored: machines disagree, the database does not with itself.
 * For plain transactions; the ledger reads it after its locks.
 */
export async function databaseNow(tx: Tx): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`SELECT date_trunc('milliseconds', clock_timestamp()) AS now`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new Error('PostgreSQL told no time');
  return row.now;
}
