/**
 * A board of who holds how many conversations, kept in memory: it starts from the stream's beginning with a new name,
 * so nothing needs to be stored. `NATS_URL=nats://127.0.0.1:4222 node routing.js`.
 */
import { EventConsumer, RecentIds, connectTo, type EventMatching } from '../index.js';

interface Held {
  readonly by: string | null;
  readonly seq: number;
}

/** Each conversation's holder with the `seq` that told it: a repeated or late event changes nothing newer. */
const holders = new Map<string, Held>();

function holderAfter(event: EventMatching<'control.*'>): string | null | undefined {
  switch (event.type) {
    case 'switchboard.v1.control.assigned':
    case 'switchboard.v1.control.passed':
    case 'switchboard.v1.control.accepted':
      return event.data.to;
    case 'switchboard.v1.control.released':
      return null;
    case 'switchboard.v1.control.removed':
      return event.data.active === null ? undefined : null;
    default:
      return undefined;
  }
}

const connection = connectTo(process.env['NATS_URL'] ?? 'nats://127.0.0.1:4222', 'example routing');
const consumer = new EventConsumer({
  name: `example-routing-${Date.now()}`,
  events: 'control.*',
  connection: connection.source,
  once: new RecentIds(),
  handle: async (event) => {
    const { conversationId, seq } = event.data;
    const by = holderAfter(event);
    if (by === undefined || seq < (holders.get(conversationId)?.seq ?? 0)) return;
    holders.set(conversationId, { by, seq });
  },
});
consumer.start();

const show = setInterval(() => {
  const counts = new Map<string, number>();
  for (const { by } of holders.values()) if (by !== null) counts.set(by, (counts.get(by) ?? 0) + 1);
  console.table(Object.fromEntries(counts));
}, 2_000);

process.once('SIGTERM', () => void leave());
process.once('SIGINT', () => void leave());

async function leave(): Promise<void> {
  clearInterval(show);
  await consumer.stop();
  await connection.close();
}
