import type { Client } from 'pg';

/** By PostgreSQL's names, in its base units: milliseconds for times. */
export type Limits = Readonly<Record<string, string | number>>;

/** The session does not keep what was set in it: what answers us is not one session. */
export class LimitsLost extends Error {
  override readonly name = 'LimitsLost';

  constructor(name: string, set: unknown, kept: unknown) {
    super(`a connection to the database does not keep ${name}: set to ${String(set)}, it is ${String(kept)}`);
  }
}

/**
 * Sets the limits of a new session, and reads them back. Not by the startup message: a pooler refuses what it does not
 * know there, or drops it in silence. To be asked of every connection we open. Throws `LimitsLost`.
 */
export async function keepLimits(client: Pick<Client, 'query'>, limits: Limits): Promise<void> {
  const names = Object.keys(limits);
  const columns = (value: (name: string, index: number) => string): string =>
    names.map((name, index) => `${value(name, index)} AS "${name}"`).join(', ');
  const set = columns((name, index) => `set_config('${name}', $${index + 1}, false)`);
  const kept = columns((name) => `current_setting('${name}')`);
  const [told, read] = await Promise.all([
    client.query<Record<string, string>>(`SELECT ${set}`, Object.values(limits).map(String)),
    client.query<Record<string, string>>(`SELECT ${kept}`),
  ]);
  for (const name of names) {
    const [ours, theirs] = [told.rows[0]?.[name], read.rows[0]?.[name]];
    if (ours !== theirs) throw new LimitsLost(name, ours, theirs);
  }
}
