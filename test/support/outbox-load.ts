import { setTimeout as pause } from 'node:timers/promises';
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { Client } from 'pg';
import { wayIn } from '../../sdk/index.js';
import { outboxWriter, type HandOver, type OutboxMessage } from '../../src/ledger/index.js';
import { newId } from '../../src/platform/ids.js';
import { types } from '../../src/platform/postgres/index.js';

/** Events by conversation, in order of `seq`. */
export type History = ReadonlyMap<string, readonly string[]>;

export interface Load {
  readonly writers: number;
  readonly conversations: number;
  readonly rows: number;
  /** Transactions stay open for up to so long, most of them much shorter. */
  readonly heldMs: number;
  /** Share of transactions that are rolled back. */
  readonly rollbacks: number;
}

/** Writers as the ledger is one: rows under the lock of their conversations, handed over after COMMIT. */
export async function writeOutbox(url: string, load: Load, handOver: HandOver): Promise<History> {
  const ids = Array.from({ length: load.conversations }, () => newId<string>());
  const committed = new Map<string, string[]>(ids.map((id) => [id, []]));
  const admin = await open(url);
  await admin.query('CREATE TABLE IF NOT EXISTS written (id text PRIMARY KEY, seq bigint NOT NULL)');
  await admin.query('INSERT INTO written SELECT id, 0 FROM unnest($1::text[]) AS id', [ids]);
  let rows = 0;
  const write = async (client: Client): Promise<void> => {
    while (rows < load.rows) {
      const made = await transaction(client, ids, load, committed, handOver);
      rows += made;
    }
  };
  const clients = await Promise.all(Array.from({ length: load.writers }, () => open(url)));
  await Promise.all(clients.map(write));
  await Promise.all([admin, ...clients].map((client) => client.end()));
  return committed;
}

async function transaction(
  client: Client,
  ids: readonly string[],
  load: Load,
  committed: Map<string, string[]>,
  handOver: HandOver,
): Promise<number> {
  const chosen = [...new Set([pick(ids), pick(ids)])].sort();
  await client.query('BEGIN');
  const messages: OutboxMessage[] = [];
  for (const id of chosen) {
    const count = 1 + Math.floor(Math.random() * 12);
    const { rows } = await client.query<{ seq: number }>(
      'UPDATE written SET seq = seq + $2 WHERE id = $1 RETURNING seq',
      [id, count],
    );
    const last = rows[0]?.seq ?? 0;
    for (let seq = last - count + 1; seq <= last; seq++) messages.push(message(id, seq));
  }
  const written = outboxWriter((all: readonly OutboxMessage[]) => all, handOver).write([messages]);
  if (written === null) throw new Error('nothing to write');
  await client.query(written.statement.text, [...written.statement.values]);
  await pause(load.heldMs * Math.random() ** 3);
  if (Math.random() < load.rollbacks) {
    await client.query('ROLLBACK');
    return 0;
  }
  // The next writer of a conversation can only commit after us, so pushing before COMMIT is answered keeps order.
  for (const { conversationId, eventId } of messages) committed.get(conversationId)?.push(eventId);
  await client.query('COMMIT');
  written.committed?.();
  return messages.length;
}

export function message(conversationId: string, seq: number): OutboxMessage {
  const eventId = newId<string>();
  const subject = `switchboard.v1.test.${conversationId}`;
  return { eventId, conversationId, seq, subject, body: JSON.stringify({ id: eventId, conversationId, seq }) };
}

export interface Read {
  readonly copies: number;
  /** First copies, by conversation, in the order of the stream. */
  readonly first: ReadonlyMap<string, readonly string[]>;
}

/** Everything the stream holds, de-duplicated by id as every consumer must. */
export async function readStream(natsUrl: string): Promise<Read> {
  const connection = await connect(wayIn(natsUrl));
  const consumer = await jetstream(connection).consumers.get('SWITCHBOARD');
  const first = new Map<string, string[]>();
  const seen = new Set<string>();
  let copies = 0;
  for (let left = (await consumer.info()).num_pending; left > 0;) {
    for await (const got of await consumer.fetch({ max_messages: Math.min(left, 1_000), expires: 2_000 })) {
      const { id, conversationId } = got.json<{ id: string; conversationId: string }>();
      copies += 1;
      left = got.info.pending;
      if (seen.has(id)) continue;
      seen.add(id);
      first.set(conversationId, [...(first.get(conversationId) ?? []), id]);
    }
  }
  await connection.close();
  return { copies, first };
}

export interface Compared {
  readonly missed: number;
  readonly disordered: number;
}

export function compare(committed: History, first: ReadonlyMap<string, readonly string[]>): Compared {
  let missed = 0;
  let disordered = 0;
  for (const [id, events] of committed) {
    const place = new Map((first.get(id) ?? []).map((event, index) => [event, index]));
    const places = events.map((event) => place.get(event)).filter((at) => at !== undefined);
    missed += events.length - places.length;
    for (let i = 1; i < places.length; i++) if ((places[i] ?? 0) < (places[i - 1] ?? 0)) disordered += 1;
  }
  return { missed, disordered };
}

export async function unpublished(client: Client): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM outbox WHERE published_at IS NULL',
  );
  return rows[0]?.n ?? 0;
}

export async function open(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, types });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

function pick(ids: readonly string[]): string {
  return ids[Math.floor(Math.random() * ids.length)] ?? '';
}
