import { LeasedPartitions, OutboxRelay, OutboxStore, RELAY_DEFAULTS } from '../../src/ledger/index.js';
import { Nats, streamPublishers } from '../../src/platform/nats/index.js';
import { Db } from '../../src/platform/postgres/index.js';

export interface RelayInstance {
  readonly relay: OutboxRelay;
  readonly partitions: LeasedPartitions;
  readonly retried: () => number;
  readonly rewound: () => number;
  /** Drained, leases released. */
  stop(): Promise<void>;
}

/** A relay with leases and connections of its own, as a process has them. */
export function startRelay(databaseUrl: string, natsUrl: string, leaseMs = 1_000): RelayInstance {
  const db = new Db(databaseUrl, 4);
  const nats = new Nats(async () => [natsUrl]);
  const partitions = new LeasedPartitions(db, { leaseMs, wanted: true });
  const counted = { retried: 0, rewound: 0 };
  const relay = new OutboxRelay(
    new OutboxStore(db),
    partitions,
    streamPublishers(nats.connection$),
    { ...RELAY_DEFAULTS, owner: partitions.owner },
    { published: () => undefined, retried: () => (counted.retried += 1), rewound: (rows) => (counted.rewound += rows) },
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
