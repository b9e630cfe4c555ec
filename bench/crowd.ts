import type { Client } from 'pg';
import { Template } from './copies.js';
import { comeTrue, onDatabase } from './database.js';
import type { Field } from './field.js';
import type { Stand } from './stand.js';

/** Conversations made by SQL: `template.idOf(1)` to `template.idOf(count)`. */
export interface Crowd {
  readonly template: Template;
  readonly count: number;
}

/** How long sessions of the crowd's app may be ENDING: longer than any bench. */
export const ENDING_MS = 86_400_000;

/** Open conversations with a live session, and armed timers, none of them due for a day. */
export async function crowd(stand: Stand, field: Field, count: number, armed: number): Promise<Crowd> {
  const [conversationId] = await field.app.converse(1);
  await field.app.quiet();
  return onDatabase(stand, async (client) => {
    const template = await Template.read(client, conversationId!);
    await template.copy(client, { from: 1, to: count });
    await template.arm(client, { from: 1, to: count });
    await armTheRest(client, template, count, armed);
    await client.query('VACUUM ANALYZE');
    await client.query('CHECKPOINT');
    return { template, count };
  });
}

/** A template without a timer leaves the index to be filled: what is armed costs no more than its entry. */
async function armTheRest(client: Client, template: Template, count: number, armed: number): Promise<void> {
  const { rows } = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM timer');
  await client.query(
    `INSERT INTO timer (id, conversation_id, app_id, kind, subject, due_at)
     SELECT 'ffffffffffffff' || x, c.id, c.app_id, 'botIdle', 'none', now() + interval '1 day' + k * interval '1 ms'
     FROM (SELECT k, lpad(to_hex(k), 10, '0') AS x, lpad(to_hex(1 + k % $3::int), 10, '0') AS of
           FROM generate_series(1, $2::int) k) armed
     JOIN conversation c ON c.id = $1 || of`,
    [template.prefix, Math.max(0, armed - rows[0]!.n), count],
  );
}

/** G8: sessions whose post-end time is over, ended by the sweep. Made round by round of one template. */
export class Overdue {
  private made = 0;

  private constructor(
    private readonly stand: Stand,
    readonly template: Template,
  ) {}

  static async of(stand: Stand, field: Field): Promise<Overdue> {
    const [conversationId] = await field.app.converse(1);
    const [session] = await field.app.sessions([conversationId!]);
    await field.app.post(`/sessions/${session}/end`);
    await field.app.quiet();
    return new Overdue(stand, await onDatabase(stand, (client) => Template.read(client, conversationId!)));
  }

  /** Sessions ended a second, from the first decision to the last, by the times of their events. */
  async fire(count: number): Promise<{ readonly rate: number; readonly seconds: number }> {
    return onDatabase(this.stand, async (client) => {
      const from = this.made + 1;
      this.made += count;
      const copies = { from, to: this.made, laterMs: -ENDING_MS - 1_000 };
      await this.template.copy(client, copies);
      await client.query('ANALYZE');
      await client.query('CHECKPOINT');
      await this.template.arm(client, copies);
      const armed = await client.query<{ at: Date }>('SELECT clock_timestamp() AS at');
      await comeTrue(client, 'SELECT NOT EXISTS (SELECT 1 FROM timer WHERE due_at <= now()) AS so', 'no timer is due');
      const { n, first, last } = await eventsOf(client, this.template, [from, this.made], ['sessionEnded']);
      if (n !== count) throw new Error(`NOT SO: ${count} due timers ended ${count} sessions (${n})`);
      const seconds = (since: Date): number => (last.getTime() - since.getTime()) / 1000;
      return { rate: count / seconds(first), seconds: seconds(armed.rows[0]!.at) };
    });
  }
}

/** How many events of these types the copies have, and when the first and the last happened. */
export async function eventsOf(
  client: Client,
  template: Template,
  [from, to]: readonly [number, number],
  types: readonly string[],
): Promise<{ readonly n: number; readonly first: Date; readonly last: Date }> {
  const { rows } = await client.query<{ n: number; first: Date; last: Date }>(
    `SELECT count(*)::int AS n, min(at) AS first, max(at) AS last FROM event
     WHERE type = ANY ($3) AND conversation_id BETWEEN $1 AND $2`,
    [template.idOf(from), template.idOf(to), types],
  );
  return rows[0]!;
}
