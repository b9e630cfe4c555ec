import { Client } from 'pg';
import { copyConversations, copyTimers, prefixOf, type Copies } from './copies.js';
import type { Field } from './field.js';
import type { Stand } from './stand.js';

/** Conversations made by SQL: their ids are this prefix and ten hexadecimal digits, from 1 to `count`. */
export interface Copied {
  readonly prefix: string;
  readonly count: number;
  /** The last `seq` of the template: the first event of a copy has the next. */
  readonly seq: number;
}

/** How long sessions of the crowd's app may be ENDING: longer than any bench. */
export const ENDING_MS = 86_400_000;

/** Open conversations with a live session, and as many armed timers, none of them due for a day. */
export async function crowd(stand: Stand, field: Field, count: number): Promise<Copied> {
  const [conversationId] = await field.converse(1);
  await field.quiet();
  return onDatabase(stand, async (client) => {
    const copies: Copies = { conversationId: conversationId!, from: 1, to: count };
    await copyConversations(client, copies);
    await copyTimers(client, copies);
    await armTheRest(client, conversationId!, count);
    await client.query('VACUUM ANALYZE');
    await client.query('CHECKPOINT');
    return copied(client, conversationId!, count);
  });
}

/** A template without a timer leaves the index to be filled: what is armed costs no more than its entry. */
async function armTheRest(client: Client, conversationId: string, count: number): Promise<void> {
  const { rows } = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM timer');
  await client.query(
    `INSERT INTO timer (id, conversation_id, app_id, kind, subject, due_at)
     SELECT 'ffffffffffffff' || x, $2 || x, (SELECT app_id FROM conversation WHERE id = $1), 'botIdle', 'none',
            now() + interval '1 day' + k * interval '1 ms'
     FROM (SELECT k, lpad(to_hex(k), 10, '0') AS x FROM generate_series(1, $3::int) k) armed`,
    [conversationId, prefixOf(conversationId), Math.max(0, count - rows[0]!.n)],
  );
}

/** G8: sessions whose post-end time is over, ended by the sweep. Made round by round of one template. */
export class Overdue {
  private made = 0;

  private constructor(
    private readonly stand: Stand,
    private readonly conversationId: string,
  ) {}

  static async of(stand: Stand, field: Field): Promise<Overdue> {
    const [conversationId] = await field.converse(1);
    const [session] = await field.sessions([conversationId!]);
    await field.post(`/sessions/${session}/end`);
    await field.quiet();
    return new Overdue(stand, conversationId!);
  }

  get copied(): Promise<Copied> {
    return onDatabase(this.stand, (client) => copied(client, this.conversationId, this.made));
  }

  /** Sessions ended a second, from the first decision to the last, by the times of their events. */
  async fire(count: number): Promise<{ readonly rate: number; readonly seconds: number }> {
    return onDatabase(this.stand, async (client) => {
      const from = this.made + 1;
      this.made += count;
      const copies = { conversationId: this.conversationId, from, to: this.made, laterMs: -ENDING_MS - 1_000 };
      await copyConversations(client, copies);
      await client.query('ANALYZE');
      await client.query('CHECKPOINT');
      await copyTimers(client, copies);
      const armed = await client.query<{ at: Date }>('SELECT clock_timestamp() AS at');
      await noneDue(client);
      const { rows } = await client.query<{ ended: number; first: Date; last: Date }>(
        `SELECT count(*)::int AS ended, min(at) AS first, max(at) AS last FROM event
         WHERE type = 'sessionEnded' AND conversation_id BETWEEN $1 AND $2`,
        [idOf(this.conversationId, from), idOf(this.conversationId, this.made)],
      );
      const { ended, first, last } = rows[0]!;
      if (ended !== count) throw new Error(`NOT SO: ${count} due timers ended ${count} sessions (${ended})`);
      const seconds = (since: Date): number => (last.getTime() - since.getTime()) / 1000;
      return { rate: count / seconds(first), seconds: seconds(armed.rows[0]!.at) };
    });
  }
}

const idOf = (conversationId: string, k: number): string => prefixOf(conversationId) + k.toString(16).padStart(10, '0');

async function noneDue(client: Client): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const { rows } = await client.query<{ due: boolean }>(
      'SELECT EXISTS (SELECT 1 FROM timer WHERE due_at <= now()) AS due',
    );
    if (!rows[0]!.due) return;
    if (Date.now() > deadline) throw new Error('due timers were not fired within 60 s');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function copied(client: Client, conversationId: string, count: number): Promise<Copied> {
  const { rows } = await client.query<{ seq: string }>('SELECT seq FROM conversation WHERE id = $1', [conversationId]);
  return { prefix: prefixOf(conversationId), count, seq: Number(rows[0]!.seq) };
}

async function onDatabase<T>(stand: Stand, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(stand.databaseUrl);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
