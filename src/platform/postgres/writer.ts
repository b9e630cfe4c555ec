import { Client } from 'pg';
import { keepLimits } from './limits.js';
import { prepared } from './prepared.js';
import { bind } from './role.js';
import { types } from './types.js';

/**
 * A connection the ledger writes on. Pipelined: statements are sent as they are queued, without waiting for the answer
 * to the one before; after one fails inside a transaction the rest answer 25P02. Its user owns it alone, and closes it.
 */
export type WriterConnection = Client;

/**
 * A stalled neighbour must not freeze the process, hence the three limits. Plans are generic and never scan: a
 * statement planned while its table was empty would otherwise keep that plan when the table is large.
 */
const WRITER_SETTINGS = {
  lock_timeout: 100,
  idle_in_transaction_session_timeout: 2_000,
  statement_timeout: 5_000,
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
};

/** Opens a writer connection. Throws what `pg` throws; `isOutage` tells a lost link from a refusal. */
export async function openWriter(url: string, applicationName = 'switchboard-writer'): Promise<WriterConnection> {
  const client = new Client({
    connectionString: url,
    application_name: applicationName,
    types,
    pipeline: true,
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
  });
  // Its statements are rejected when the link dies; without a listener the same news would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await prepared(Promise.all([keepLimits(client, WRITER_SETTINGS), bind(client)]));
  } catch (error) {
    client.end().catch(() => undefined);
    throw error;
  }
  return client;
}
