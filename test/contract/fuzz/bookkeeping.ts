import type { Client } from 'pg';

/**
 * Tables that only requests write to; those of consumers, sweeps and leases change by themselves. A refusal of the
 * conversation's own rules leaves its line in the timeline, on purpose.
 */
const counted = [
  'app',
  'integration',
  'api_key',
  'webhook',
  'switchboard',
  'switchboard_integration',
  'app_user',
  'conversation',
  'participant',
  'message',
  'event',
  'session',
  'timer',
  'outbox',
];

const QUERY = `SELECT concat_ws(' ', ${counted.map((table) => `(SELECT count(*) FROM ${table})`).join(', ')},
  (SELECT sum(config_version) FROM app), (SELECT sum(seq) FROM conversation), (SELECT sum(control_epoch) FROM conversation),
  (SELECT sum(hashtext(profile::text || metadata::text)) FROM app_user)) AS books`;

/** How many rows there are and what versions they have: the same text before and after means that nothing was written. */
export async function bookkeeping(sql: Client): Promise<string> {
  const { rows } = await sql.query<{ books: string }>(QUERY);
  return rows[0]?.books ?? '';
}
