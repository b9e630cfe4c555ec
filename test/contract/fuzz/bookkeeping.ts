import type { Client } from 'pg';

/**
 * Tables that only requests write to; those of consumers, sweeps and leases change by themselves. A refusal of the
 * conversation's own rules leaves its line in the timeline, on purpose.
 */
const OF_APP = [
  'integration',
  'api_key',
  'webhook',
  'switchboard',
  'switchboard_integration',
  'app_user',
  'conversation',
  'session',
  'timer',
];
const OF_CONVERSATION = ['participant', 'message', 'event', 'outbox'];
const THEIRS = 'conversation_id IN (SELECT id FROM conversation WHERE app_id = ANY($1))';

const rows = [
  ...OF_APP.map((table) => `(SELECT count(*) FROM ${table} WHERE app_id = ANY($1))`),
  ...OF_CONVERSATION.map((table) => `(SELECT count(*) FROM ${table} WHERE ${THEIRS})`),
];

const QUERY = `SELECT concat_ws(' ', ${rows.join(', ')}, (SELECT count(*) FROM app WHERE removed_at IS NULL),
  (SELECT sum(config_version) FROM app WHERE id = ANY($1)),
  (SELECT sum(seq) FROM conversation WHERE app_id = ANY($1)),
  (SELECT sum(control_epoch) FROM conversation WHERE app_id = ANY($1)),
  (SELECT sum(hashtext(profile::text || metadata::text)) FROM app_user WHERE app_id = ANY($1))) AS books`;

/**
 * How many rows there are of these apps and what versions they have: the same text before and after means that nothing
 * was written. What was deleted in other apps is settled behind our back.
 */
export async function bookkeeping(sql: Client, appIds: readonly string[]): Promise<string> {
  const { rows: found } = await sql.query<{ books: string }>(QUERY, [appIds]);
  return found[0]?.books ?? '';
}

/** Whether nothing that was deleted in these apps is still being settled, which writes by itself. */
export async function isSettled(sql: Client, appIds: readonly string[]): Promise<boolean> {
  const { rows: found } = await sql.query('SELECT FROM removal WHERE finished_at IS NULL AND app_id = ANY($1)', [
    appIds,
  ]);
  return found.length === 0;
}
