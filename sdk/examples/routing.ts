/**
 * A board of who holds how many conversations, for a router of your own. It needs nothing of Switchboard but this kit:
 * `NATS_URL=nats://127.0.0.1:4222 node routing.js`.
 *
 * Each change of a holder is one line of a file here, with the id of its event; in your program, a row in your database.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { EventConsumer, accessIn, connectTo, type EventMatching, type Once } from '../index.js';

const FILE = process.env['BOARD_FILE'] ?? 'board.jsonl';

interface Told {
  readonly eventId: string;
  readonly conversationId: string;
  readonly seq: number;
  /** `undefined`: the event changes no holder. */
  readonly by?: string | null | undefined;
}
type Write = (told: Omit<Told, 'eventId'>) => void;

class BoardFile implements Once<Write> {
  readonly #known = new Set<string>();
  /** Each conversation's holder with the `seq` that told it. */
  readonly holders = new Map<string, Told>();

  constructor() {
    for (const line of existsSync(FILE) ? readFileSync(FILE, 'utf8').split('\n').filter(Boolean) : [])
      this.#take(JSON.parse(line) as Told);
  }

  async run(eventId: string, effect: (write: Write) => Promise<void>): Promise<boolean> {
    if (this.#known.has(eventId)) return false;
    await effect((told) => {
      const line = { eventId, ...told };
      appendFileSync(FILE, `${JSON.stringify(line)}\n`);
      this.#take(line);
    });
    return true;
  }

  /** A repeated or late event changes nothing newer. */
  #take(told: Told): void {
    this.#known.add(told.eventId);
    if (told.by === undefined || told.seq < (this.holders.get(told.conversationId)?.seq ?? 0)) return;
    this.holders.set(told.conversationId, told);
  }
}

function holderAfter({ type, data }: EventMatching<'control.*'>): string | null | undefined {
  if (type === 'switchboard.v1.control.released') return null;
  if (type === 'switchboard.v1.control.removed') return data.active === null ? undefined : null;
  return 'to' in data && type !== 'switchboard.v1.control.offered' ? data.to : undefined;
}

const board = new BoardFile();
const connection = connectTo(process.env['NATS_URL'] ?? 'nats://127.0.0.1:4222', {
  name: 'example routing',
  ...accessIn(process.env),
});
const consumer = new EventConsumer({
  name: 'example-routing',
  events: 'control.*',
  connection: connection.source,
  once: board,
  handle: async (event, write) =>
    write({ conversationId: event.data.conversationId, seq: event.data.seq, by: holderAfter(event) }),
});
consumer.start();

const show = setInterval(() => {
  const counts: Record<string, number> = {};
  for (const { by } of board.holders.values()) if (by) counts[by] = (counts[by] ?? 0) + 1;
  console.table(counts);
}, 2_000);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    clearInterval(show);
    void consumer.stop().then(() => connection.close());
  });
}
