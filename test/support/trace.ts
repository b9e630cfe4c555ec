import type { Client } from 'pg';

/** Tables whose rows say whose they are by their conversation. */
const OF_CONVERSATION = ['message', 'event', 'participant', 'refusal'];

/** What is done by itself: published, delivered, leased. */
const DONE = "'published_at', 'stream_seq', 'attempts', 'first_at', 'next_at', 'done_at', 'outcome', 'last_error'";

/**
 * Everything the database has of one app, by table: a digest of its rows, without what becomes of them by themselves and
 * what listeners count from its events.
 */
export async function traceOf(sql: Client, appId: string): Promise<Readonly<Record<string, string>>> {
  const { rows: tables } = await sql.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'app_id'
     WHERE c.relname NOT IN ('routing_conversation', 'routing_ended') AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
     ORDER BY c.relname`,
  );
  const own = tables.map(({ name }) => [name, `${name} WHERE app_id = $1`]);
  const below = OF_CONVERSATION.map((name) => [
    name,
    `${name} t WHERE t.conversation_id IN (SELECT id FROM conversation WHERE app_id = $1)`,
  ]);
  const outbox = [['outbox', `outbox WHERE position($1 in subject) > 0`]];
  const selects = [...new Map([...own, ...below, ...outbox] as [string, string][])].map(
    ([name, from]) => `SELECT '${name}' AS name, count(*) || ' ' || coalesce(md5(string_agg(row, ',' ORDER BY row)), '')
      AS rows FROM (SELECT (to_jsonb(found) - ARRAY[${DONE}])::text AS row FROM (SELECT * FROM ${from}) found) row_of`,
  );
  const { rows } = await sql.query<{ name: string; rows: string }>(selects.join('\nUNION ALL '), [appId]);
  return Object.fromEntries(rows.map(({ name, rows: digest }) => [name, digest]));
}
