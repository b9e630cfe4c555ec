import type { Millis } from '../kernel/index.js';
import type { Partitions } from '../ledger/index.js';
import type { WebhookConfig } from '../platform/config/config.js';
import type { Db } from '../platform/postgres/index.js';
import type { Metrics } from '../platform/telemetry/index.js';
import { Attempts } from './lanes/attempts.js';
import { DeliveryStore } from './lanes/delivery.store.js';
import { DeliveryWriter } from './rendering/delivery.writer.js';
import { UserDeliveries } from './rendering/user-deliveries.store.js';
import { Endpoints, type FindEndpoints } from './sending/endpoints.js';
import { Fleeting } from './sending/fleeting.js';
import { HolderWatch } from './lanes/holder-watch.js';
import { HolderWatchStore } from './lanes/holder-watch.store.js';
import { housekeeping } from './lanes/housekeeping.js';
import { Lanes } from './lanes/lanes.js';
import { Moves } from './lanes/moves.js';
import { Results } from './lanes/results.js';
import { OldSecrets } from './sending/old-secrets.store.js';
import { Sender } from './sending/sender.js';
import { Sweep } from './lanes/sweep.js';
import { TargetGuard } from './sending/target-guard.js';
import { WebhookMetrics } from './webhook-metrics.js';

export interface WebhookParts {
  readonly db: Db;
  readonly partitions: Partitions;
  readonly config: WebhookConfig;
  readonly find: FindEndpoints;
  readonly metrics: Metrics;
  readonly now: () => Millis;
  /** `false`: this process writes deliveries but leaves the sending to others (role `lanes`). */
  readonly sends: boolean;
}

/** Puts the parts of sending together; the module gives them to Nest, tests run them alone. */
export class WebhookEngine {
  readonly writer: DeliveryWriter;
  readonly fleeting: Fleeting;
  readonly users: UserDeliveries;
  readonly #sender: Sender;
  readonly #lanes: Lanes;
  readonly #store: DeliveryStore;
  readonly #endpoints: Endpoints;
  #running: readonly { stop(): void }[] = [];

  constructor(private readonly parts: WebhookParts) {
    const { db, partitions, config, find, sends } = parts;
    this.#store = new DeliveryStore(db);
    this.#sender = new Sender(config, new TargetGuard(config.allow), parts.now);
    const metrics = new WebhookMetrics(parts.metrics, () => this.#store.pending());
    const endpoints = new Endpoints(find);
    this.#endpoints = endpoints;
    const attempts = new Attempts(this.#sender, config, metrics);
    const results = new Results(this.#store, partitions);
    this.#lanes = new Lanes(this.#store, partitions, endpoints, attempts, results, config.maxInFlight);
    this.fleeting = new Fleeting(this.#sender, endpoints, metrics);
    this.writer = new DeliveryWriter(partitions, metrics, sends ? (key) => this.#lanes.touch(key) : null);
    this.users = new UserDeliveries(this.writer);
  }

  /** From now on the table is watched; before, only what is handed over in memory is sent. */
  start(): void {
    if (!this.parts.sends || this.#running.length > 0) return;
    const keeping = housekeeping(this.#store, new OldSecrets(this.parts.db), this.parts.partitions);
    const sweep = new Sweep(this.#store, this.parts.partitions, this.#lanes, new Moves(this.#lanes, this.#endpoints));
    const watch = new HolderWatch(new HolderWatchStore(this.parts.db), this.#lanes, this.#endpoints);
    this.#running = [sweep, watch, { stop: () => keeping.unsubscribe() }];
  }

  /** Begins nothing new, waits for attempts under way and their results up to the deadline, cuts what is left. */
  async stop(deadlineMs: number): Promise<void> {
    for (const one of this.#running) one.stop();
    await this.#lanes.drain(deadlineMs);
    await this.#sender.close();
  }
}
