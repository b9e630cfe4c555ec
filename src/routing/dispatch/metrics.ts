import { remembered, type Metrics } from '../../platform/telemetry/index.js';

/** What routing shows on `/metrics`. Offers are this process's, who waits is all of them. Must return at once. */
export interface RoutingMetrics {
  offered(waitedMs: number): void;
  refused(): void;
  repaired(sessions: number): void;
}

interface Backlog {
  readonly waiting: number;
  readonly oldestSeconds: number;
}

export function routingMetrics(metrics: Metrics, backlog: () => Promise<Backlog>): RoutingMetrics {
  const offers = metrics.counter(
    'switchboard_routing_offers_total',
    'Offers of waiting sessions to agents; refused: what was chosen did not hold under the lock.',
    ['outcome'],
  );
  const waited = metrics.histogram(
    'switchboard_routing_time_to_offer_seconds',
    'How long sessions were in their queue before an agent was asked.',
    [],
    [0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1800],
  );
  const repaired = metrics.counter(
    'switchboard_routing_repaired_total',
    'Sessions that waited without a place in line, and places in line without a session.',
  );
  const waits = remembered(backlog);
  metrics.observe(
    'switchboard_routing_waiting',
    'Sessions that wait for an agent; counted up to 100000.',
    async () => (await waits()).waiting,
  );
  metrics.observe(
    'switchboard_routing_oldest_seconds',
    'How long the longest of them is in its queue.',
    async () => (await waits()).oldestSeconds,
  );
  return {
    offered: (waitedMs) => {
      offers.inc({ outcome: 'offered' });
      waited.observe(waitedMs / 1000);
    },
    refused: () => offers.inc({ outcome: 'refused' }),
    repaired: (sessions) => repaired.inc(sessions),
  };
}
