import {
  LeasedPartitions,
  NO_RELAY_METRICS,
  OutboxRelay,
  OutboxStore,
  RELAY_DEFAULTS,
  type Publisher,
} from '../../src/ledger/index.js';
import { map } from 'rxjs';
import { Nats, streamPublishers, type StreamPublisher } from '../../src/platform/nats/index.js';
import { Db } from '../../src/platform/postgres/index.js';

export type Publish = StreamPublisher['publish'];

export interface RelayInstance {
  readonly relay: OutboxRelay;
  readonly partitions: LeasedPartitions;
  readonly retried: () => number;
  readonly rewound: () => number;
  /** Drained, leases released. */
  stop(): Promise<void>;
}

/**
 * A relay with leases and connections of its own, as a process has them.
 *
 * @param through What its messages go through on their way to the stream.
 */
export function startRelay(
  databaseUrl: string,
  natsUrl: string,
  leaseMs = 1_000,
  through: (publish: Publish) => Publish = (publish) => publish,
): RelayInstance {
  const db = new Db(databaseUrl, 4);
  const nats = new Nats(async () => [natsUrl]);
  const partitions = new LeasedPartitions(db, { leaseMs, wanted: true });
  const counted = { retried: 0, rewound: 0 };
  const relay = new OutboxRelay(
    new OutboxStore(db),
    partitions,
    streamPublishers(nats.connection$).pipe(map((publisher) => publisher && goingThrough(publisher, through))),
    { ...RELAY_DEFAULTS, owner: partitions.owner },
    {
      ...NO_RELAY_METRICS,
      retried: () => (counted.retried += 1),
      rewound: (rows) => (counted.rewound += rows),
    },
  );
  nats.start();
  relay.start();
  partitions.start();
  return {
    relay,
    partitions,
    retried: () => counted.retried,
    rewound: () => counted.rewound,
    async stop() {
      await relay.drain(2_000);
      await partitions.stop();
      await nats.close(200);
      await db.close();
    },
  };
}

function goingThrough(publisher: StreamPublisher, through: (publish: Publish) => Publish): Publisher {
  const publish = through((...message) => publisher.publish(...message));
  return {
    ensure: () => publisher.ensure(),
    label: (label) => publisher.label(label),
    idAt: (seq) => publisher.idAt(seq),
    publish,
  };
}
