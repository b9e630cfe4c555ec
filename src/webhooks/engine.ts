import type { Registry } from 'prom-client';
import type { Partitions } from '../ledger/index.js';
import type { WebhookConfig } from '../platform/config/config.js';
import type { Db } from '../platform/postgres/index.js';
import { Attempts } from './attempts.js';
import { DeliveryStore } from './delivery.store.js';
import { DeliveryWriter } from './delivery.writer.js';
import { Endpoints, type FindEndpoints } from './endpoints.js';
import { Fleeting } from './fleeting.js';
import { housekeeping } from './housekeeping.js';
import { Lanes } from './lanes.js';
import { Results } from './results.js';
import { Sender } from './sender.js';
import { Sweep } from './sweep.js';
import { TargetGuard } from './target-guard.js';
import { WebhookMetrics } from './webhook-metrics.js';

export interface WebhookParts {
  readonly db: Db;
  readonly partitions: Partitions;
  readonly config: WebhookConfig;
  readonly find: FindEndpoints;
  readonly registry: Registry;
  /** `false`: this process writes deliveries but leaves the sending to others (role `lanes`). */
  readonly sends?: boolean;
}

export interface WebhookEngine {
  readonly writer: DeliveryWriter;
  readonly fleeting: Fleeting;
  start(): void;
  /** Begins nothing new, waits for attempts under way, writes their results, then cuts what is left. */
  stop(deadlineMs: number): Promise<void>;
}

/** Puts the parts of sending together; the module gives them to Nest, tests run them alone. */
export function webhookEngine({ db, partitions, config, find, registry, sends = true }: WebhookParts): WebhookEngine {
  const store = new DeliveryStore(db);
  const metrics = new WebhookMetrics(registry, () => store.pending());
  const sender = new Sender(config, new TargetGuard(config.allow));
  const endpoints = new Endpoints(find);
  const attempts = new Attempts(sender, config, metrics);
  const lanes = new Lanes(store, partitions, endpoints, attempts, new Results(store, partitions), config.maxInFlight);
  const running: { stop(): void }[] = [];
  return {
    writer: new DeliveryWriter(partitions, metrics, sends ? (key) => lanes.touch(key) : null),
    fleeting: new Fleeting(sender, endpoints, metrics),
    start: () => {
      if (!sends) return;
      const keeping = housekeeping(store, partitions);
      running.push(new Sweep(store, partitions, lanes), { stop: () => keeping.unsubscribe() });
    },
    stop: async (deadlineMs) => {
      for (const one of running.splice(0)) one.stop();
      await lanes.drain(deadlineMs);
      await sender.close();
    },
  };
}
