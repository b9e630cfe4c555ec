import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { Client } from 'pg';
import type { Stand } from './stand.js';

/** A fast run that lost or reordered one event is a failed run: these are asserted behind every table. */
export async function assertCorrect(
  stand: Stand,
  acceptedMessages: number,
  /** Requests that were under way when a load ended: stored or not, nobody was told. */
  cutOff: number,
): Promise<string[]> {
  const db = new Client(stand.databaseUrl);
  await db.connect();
  try {
    const one = async (sql: string): Promise<number> => Number(Object.values((await db.query(sql)).rows[0])[0]);
    await drained(() => one('SELECT count(*) FROM outbox WHERE published_at IS NULL'), 'outbox');
    await drained(() => one('SELECT count(*) FROM delivery WHERE done_at IS NULL'), 'deliveries');
    const events = await one('SELECT count(*) FROM event');
    const stored = await one(
      "SELECT count(*) FROM message WHERE author_type = 'business' AND body -> 'activity' IS NULL",
    );
    const gaps = await one(
      'SELECT count(*) FROM (SELECT conversation_id FROM event GROUP BY 1 HAVING count(*) <> max(seq)) g',
    );
    const apart = await one(
      'SELECT count(*) FROM conversation c WHERE seq <> (SELECT max(seq) FROM event e WHERE e.conversation_id = c.id)',
    );
    const dead = await one("SELECT count(*) FROM delivery WHERE outcome <> 'delivered'");
    const stream = await streamOrder(stand.natsUrl);
    return [
      holds(gaps === 0 && apart === 0, `seq without gaps in every conversation (${events} events)`),
      holds(
        stored >= acceptedMessages && stored <= acceptedMessages + cutOff,
        `${acceptedMessages} messages accepted, ${stored} stored; at most ${cutOff} were cut off unanswered`,
      ),
      holds(dead === 0, 'every delivery answered 2xx'),
      holds(stream.messages === events, `${stream.messages} messages on the stream for ${events} events`),
      holds(stream.outOfOrder === 0, 'stream in seq order per conversation'),
    ];
  } finally {
    await db.end();
  }
}

function holds(fact: boolean, sentence: string): string {
  if (!fact) throw new Error(`NOT SO: ${sentence}`);
  return sentence;
}

async function drained(left: () => Promise<number>, what: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while ((await left()) > 0) {
    if (Date.now() > deadline) throw new Error(`${what} not drained within 60 s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function streamOrder(url: string): Promise<{ messages: number; outOfOrder: number }> {
  const connection = await connect({ servers: url });
  try {
    const { state } = await (await jetstreamManager(connection)).streams.info('SWITCHBOARD');
    const consumer = await jetstream(connection).consumers.get('SWITCHBOARD');
    const last = new Map<string, number>();
    let [messages, outOfOrder] = [0, 0];
    while (messages < state.messages) {
      for await (const message of await consumer.fetch({ max_messages: 1000, expires: 2_000 })) {
        const { conversationId, seq } = message.json<{ data: { conversationId: string; seq: number } }>().data;
        if (seq !== (last.get(conversationId) ?? 0) + 1) outOfOrder += 1;
        last.set(conversationId, seq);
        messages += 1;
      }
    }
    return { messages, outOfOrder };
  } finally {
    await connection.close();
  }
}
