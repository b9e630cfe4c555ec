import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import {
  EventConsumer,
  RecentIds,
  connectTo,
  type ConsumerOptions,
  type OwnConnection,
  type SwitchboardEvent,
} from '../../sdk/index.js';
import { example } from '../../sdk/event-examples.spec-kit.js';
import { startNats, type OwnServer } from './servers.js';
import { EventStream } from './stream.js';
import { until } from './until.js';

export type Ended = SwitchboardEvent<'session.ended'>;
export type Options = ConsumerOptions<'session.ended', undefined>;
type Consumer = EventConsumer<'session.ended', undefined>;

/** Consumers of the kit on a stream of their own, anew for each test, and a nats-server that they may lose. */
export interface Listening {
  readonly nats: OwnServer;
  readonly stream: EventStream;
  /** Ids of the events that were handled, in order, unless a test handles them itself. */
  seen: string[];
  listen(change?: Partial<Options>): Consumer;
  publish(...events: readonly SwitchboardEvent[]): Promise<void>;
  arrived(expected: readonly string[]): Promise<unknown>;
}

export const ended = (change: Partial<Ended['data']> = {}): Ended => example('session.ended', change);

/** To be called in a `describe`; `stopWithinMs` where what never settles is not to be waited for. */
export function listening(usual: Partial<Options> = {}, stopWithinMs?: number): Listening {
  let nats: OwnServer;
  let stream: EventStream;
  let connection: OwnConnection;
  let consumers: Consumer[] = [];

  const at: Listening = {
    get nats() {
      return nats;
    },
    get stream() {
      return stream;
    },
    seen: [],
    listen(change = {}) {
      const consumer: Consumer = new EventConsumer({
        name: 'spec',
        events: 'session.ended',
        connection: connection.source,
        once: new RecentIds(),
        handle: async ({ id }) => void at.seen.push(id),
        retryDelaysMs: [20],
        ...usual,
        ...change,
      });
      consumers.push(consumer);
      consumer.start();
      return consumer;
    },
    async publish(...events) {
      for (const event of events) await stream.publish(event);
    },
    arrived: (expected) =>
      until(() => expected.every((id) => at.seen.includes(id)), { what: `${expected.length} events to be handled` }),
  };

  beforeAll(async () => {
    nats = await startNats();
    stream = await EventStream.open(nats.url);
  });
  beforeEach(async () => {
    at.seen = [];
    consumers = [];
    connection = connectTo(nats.url);
    await stream.create();
  });
  afterEach(async () => {
    await Promise.all(consumers.map((consumer) => consumer.stop(stopWithinMs)));
    await connection.close();
    await stream.delete();
  });
  afterAll(async () => {
    await stream.close();
    await nats.stop();
  });
  return at;
}
