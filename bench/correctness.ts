import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { Client } from 'pg';
import type { Template } from './copies.js';
import type { Stand } from './stand.js';

export interface Sent {
  readonly acceptedMessages: number;
  /** Requests that were under way when a load ended: stored or not, nobody was told. */
  readonly cutOff: number;
}

/** A fast run that lost or reordered one event is a failed run: these are asserted behind every table. */
export async function assertCorrect(stand: Stand, sent: Sent, copied: readonly Template[] = []): Promise<string[]> {
  const { acceptedMessages, cutOff } = sent;
  const db = new Client(stand.databaseUrl);
  await db.connect();
  try {
    const one = async (sql: string): Promise<number> => Number(Object.values((await db.query(sql)).rows[0])[0]);
    await drained(() => one('SELECT count(*) FROM outbox WHERE published_at IS NULL'), 'outbox');
    await drained(() => one('SELECT count(*) FROM delivery WHERE done_at IS NULL'), 'deliveries');
    const events = await one('SELECT count(*) FROM event');
    const announced = await one('SELECT count(*) FROM outbox');
    const stored = await one(
      "SELECT count(*) FROM message WHERE author_type = 'business' AND body -> 'activity' IS NULL",
    );
    const { rows } = await db.query<{ gaps: number; apart: number; twice: number }>(ORDER, [
      copied.map(({ prefix }) => prefix),
      copied.map(({ seq }) => seq),
    ]);
    const { gaps, apart, twice } = rows[0]!;
    const dead = await one("SELECT count(*) FROM delivery WHERE outcome <> 'delivered'");
    const stream = await streamOrder(stand.natsUrl, copied);
    return [
      holds(twice === 0, 'no session ended twice'),
      holds(gaps + apart === 0, `seq without gaps in every conversation (${events} events)`),
      holds(
        stored >= acceptedMessages && stored <= acceptedMessages + cutOff,
        `${acceptedMessages} messages accepted, ${stored} stored; at most ${cutOff} were cut off unanswered`,
      ),
      holds(dead === 0, 'every delivery answered 2xx'),
      holds(
        stream.messages === announced && announced >= events,
        `${stream.messages} messages on the stream for ${announced} events, those of agents included`,
      ),
      holds(stream.outOfOrder === 0, 'stream in seq order per conversation and agent'),
    ];
  } finally {
    await db.end();
  }
}

/** A copy begins behind its template's `seq`: what came before it has no rows. */
const ORDER = `
  WITH begun AS (SELECT * FROM unnest($1::text[], $2::bigint[]) AS b (prefix, seq)),
  told AS (SELECT conversation_id, count(*) AS n, max(seq) AS last,
                  count(*) FILTER (WHERE type = 'sessionEnded') AS ends,
                  count(DISTINCT data ->> 'sessionId') FILTER (WHERE type = 'sessionEnded') AS sessions
           FROM event GROUP BY 1)
  SELECT count(*) FILTER (WHERE n <> last - coalesce(b.seq, 0))::int AS gaps,
         count(*) FILTER (WHERE c.seq IS DISTINCT FROM last)::int AS apart,
         count(*) FILTER (WHERE ends <> sessions)::int AS twice
  FROM told LEFT JOIN begun b ON b.prefix = left(conversation_id, 14) LEFT JOIN conversation c ON c.id = conversation_id`;

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

async function streamOrder(
  url: string,
  copied: readonly Template[],
): Promise<{ messages: number; outOfOrder: number }> {
  const begun = new Map(copied.map(({ prefix, seq }) => [prefix, seq]));
  const connection = await connect({ servers: url });
  try {
    const { state } = await (await jetstreamManager(connection)).streams.info('SWITCHBOARD');
    const consumer = await jetstream(connection).consumers.get('SWITCHBOARD');
    const last = new Map<string, number>();
    let [messages, outOfOrder] = [0, 0];
    while (messages < state.messages) {
      for await (const message of await consumer.fetch({ max_messages: 1000, expires: 2_000 })) {
        const { subject, data } = message.json<{ subject: string; data: { seq?: number; agentSeq?: number } }>();
        const seq = data.seq ?? data.agentSeq;
        if (seq !== (last.get(subject) ?? begun.get(subject.slice(0, 14)) ?? 0) + 1) outOfOrder += 1;
        last.set(subject, seq ?? Number.NaN);
        messages += 1;
      }
    }
    return { messages, outOfOrder };
  } finally {
    await connection.close();
  }
}
