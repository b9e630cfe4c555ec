import type { Publishing } from '../../platform/nats/index.js';
import { remembered, type Metrics } from '../../platform/telemetry/index.js';
import type { Backlog } from './outbox.store.js';

/** What the relay tells about itself. Must return at once. */
export interface RelayMetrics {
  published(): void;
  retried(): void;
  /** The stream had gone back by so many messages. */
  rewound(rows: number): void;
  /** Why the stream cannot be looked at or made; `null`: it is there. */
  ready(trouble: unknown): void;
  /** Why it did not acknowledge an event. */
  unacknowledged(error: unknown): void;
}

export const NO_RELAY_METRICS: RelayMetrics = {
  published: () => undefined,
  retried: () => undefined,
  rewound: () => undefined,
  ready: () => undefined,
  unacknowledged: () => undefined,
};

/** The relay on `/metrics` and in health. The backlog is that of all processes; counted up to 100,000. */
export function relayMetrics(metrics: Metrics, publishing: Publishing, backlog: () => Promise<Backlog>): RelayMetrics {
  const counter = (name: string, help: string) => metrics.counter(`switchboard_outbox_${name}`, help);
  const published = counter('published_total', 'Events the stream acknowledged to this process.');
  const retried = counter('retries_total', 'Publishes that were not acknowledged and are sent again.');
  const rewinds = counter('rewinds_total', 'Times this process found that the stream had gone back.');
  const lost = counter('lost_by_stream_total', 'Events the stream had lost; they were published again.');
  const waits = remembered(backlog);
  metrics.observe(
    'switchboard_outbox_unpublished',
    'Events committed and not yet published; counted up to 100000.',
    async () => (await waits()).rows,
  );
  metrics.observe(
    'switchboard_outbox_oldest_seconds',
    'Age of the oldest unpublished event.',
    async () => (await waits()).oldestSeconds,
  );
  metrics.observe(
    'switchboard_outbox_stalled_seconds',
    'How long the stream has acknowledged nothing while events of this process wait; 0: none wait.',
    async () => {
      const stall = await publishing.stall();
      return stall === null ? 0 : (Date.now() - Date.parse(stall.since)) / 1000;
    },
  );
  return {
    ready: (trouble) => publishing.ready(trouble),
    unacknowledged: (error) => publishing.unacknowledged(error),
    published() {
      published.inc();
      publishing.acknowledged();
    },
    retried: () => retried.inc(),
    rewound(rows) {
      rewinds.inc();
      lost.inc(rows);
    },
  };
}
