import {
  Global,
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Config } from '../platform/config/index.js';
import { Nats, Publishing, streamPublishers } from '../platform/nats/index.js';
import { Db, runningSettings, Store } from '../platform/postgres/index.js';
import { Metrics, Troubles } from '../platform/telemetry/index.js';
import { OutboxDays } from './outbox/days.js';
import { relayMetrics } from './outbox/metrics.js';
import { OutboxRelay, RELAY_DEFAULTS } from './outbox/outbox.relay.js';
import { OutboxStore } from './outbox/outbox.store.js';
import { LeasedPartitions } from './partitions/leases.js';
import { Partitions } from './partitions/partitions.js';
import { predecessorIn } from './partitions/predecessor.js';

/** Health says whether events wait and since when; figures count them. */
const MOST_TOLD = 1_000;

/**
 * What leaves by partition: the leases that lanes and relay share, the relay, and the outbox's days. A process without
 * the roles `relay` and `lanes` takes no partitions, and wakes those that do.
 */
@Global()
@Module({
  providers: [
    { provide: OutboxStore, inject: [Db], useFactory: (db: Db) => new OutboxStore(db) },
    {
      provide: LeasedPartitions,
      inject: [Db, Store, Config],
      useFactory: (db: Db, { embedded }: Store, config: Config) => {
        const { ledger, roles, dataDir } = config;
        const settings = runningSettings(config);
        const options = { leaseMs: ledger.leaseSeconds * 1000, wanted: roles.has('relay'), settings };
        const partitions = new LeasedPartitions(db, options);
        // A database of our own comes with the claim on its data directory: who was here before is dead.
        const predecessor = embedded === null ? null : predecessorIn(dataDir, partitions.owner);
        if (predecessor !== null) partitions.succeed(predecessor);
        return partitions;
      },
    },
    { provide: Partitions, useExisting: LeasedPartitions },
    {
      provide: OutboxRelay,
      inject: [OutboxStore, LeasedPartitions, Nats, Metrics, Publishing, Config],
      useFactory: (
        store: OutboxStore,
        partitions: LeasedPartitions,
        { connection$ }: Nats,
        metrics: Metrics,
        publishing: Publishing,
        { stream: limits, natsAccess: { inboxPrefix }, roles }: Config,
      ) => {
        const wishes = { limits, told: (trouble: Error | null) => publishing.limits(trouble) };
        if (roles.has('relay')) publishing.watch(() => store.backlog(partitions.owned(), MOST_TOLD));
        return new OutboxRelay(
          store,
          partitions,
          streamPublishers(connection$, inboxPrefix, wishes),
          { ...RELAY_DEFAULTS, owner: partitions.owner },
          relayMetrics(metrics, publishing, () => store.backlog()),
        );
      },
    },
    {
      provide: OutboxDays,
      inject: [Db],
      useFactory: (db: Db) => {
        const old = new Troubles(OutboxDays.name, { fails: 'old days of the outbox stay, they have unpublished rows' });
        const failed = new Troubles(OutboxDays.name, { fails: 'days of the outbox could not be made or removed' });
        return new OutboxDays(
          db,
          ({ kept }) => {
            failed.over();
            if (kept.length > 0) old.failed(kept.join(', '));
            else old.over();
          },
          (error) => failed.failed(error),
        );
      },
    },
  ],
  exports: [Partitions, OutboxRelay],
})
export class OutboundModule implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  constructor(
    private readonly config: Config,
    @Inject(LeasedPartitions) private readonly partitions: LeasedPartitions,
    private readonly relay: OutboxRelay,
    private readonly days: OutboxDays,
  ) {}

  /** Lanes and consumers subscribed in their own hooks before: a partition gained is a partition looked at. */
  onApplicationBootstrap(): void {
    this.days.start();
    if (this.config.roles.has('relay')) this.relay.start();
    this.partitions.start();
  }

  async onModuleDestroy(): Promise<void> {
    this.days.stop();
    await this.relay.drain((this.config.drainSeconds * 1000) / 2);
  }

  /** After every lane has drained too: nobody sends under these leases any more. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.partitions.stop();
  }
}
