import { Client } from 'pg';
import type { Stand } from './stand.js';

/** Asks ten times a second until the one row that `sql` answers has a true `so`. */
export async function comeTrue(
  client: Client,
  sql: string,
  what: string,
  values: readonly unknown[] = [],
): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const { rows } = await client.query<{ so: boolean }>(sql, [...values]);
    if (rows[0]?.so) return;
    if (Date.now() > deadline) throw new Error(`60 s were not enough until: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export async function onDatabase<T>(stand: Stand, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(stand.databaseUrl);
  // Its statements are rejected when the stand goes; the same news would end the bench before it has cleaned up.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
