import type { Client } from 'pg';

/**
 * Tables of the database, all of them, that have a row with this word somewhere: in a column of text or JSON, or among
 * stored bytes. Regardless of case.
 */
export async function tablesWith(sql: Client, word: string): Promise<readonly string[]> {
  const { rows: tables } = await sql.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition
       AND relnamespace = 'public'::regnamespace ORDER BY 1`,
  );
  const bytes = Buffer.from(word).toString('hex');
  const found: string[] = [];
  for (const { name } of tables) {
    const { rowCount } = await sql.query(`SELECT FROM "${name}" t WHERE t::text ~* $1 LIMIT 1`, [`${word}|${bytes}`]);
    if (rowCount !== 0) found.push(name);
  }
  return found;
}
