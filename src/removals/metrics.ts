import { remembered, type Metrics } from '../platform/telemetry/index.js';

/** What removals show on `/metrics`. Conversations are this process's, what is open is of all of them. */
export interface RemovalMetrics {
  settled(conversations: number): void;
}

interface Backlog {
  readonly removals: number;
  readonly oldestSeconds: number;
}

export function removalMetrics(metrics: Metrics, backlog: () => Promise<Backlog>): RemovalMetrics {
  const settled = metrics.counter(
    'switchboard_removal_conversations_total',
    'Conversations that were settled because what they stood on was deleted.',
  );
  const waits = remembered(backlog);
  metrics.observe(
    'switchboard_removals_open',
    'Deletions whose conversations are not all settled yet, or whose rows are not all gone; counted up to 100000.',
    async () => (await waits()).removals,
  );
  metrics.observe(
    'switchboard_removals_oldest_seconds',
    'How long ago the oldest of them was asked for.',
    async () => (await waits()).oldestSeconds,
  );
  return { settled: (conversations) => settled.inc(conversations) };
}
