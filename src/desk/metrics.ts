import type { Millis } from '../kernel/index.js';
import { remembered, type Metrics } from '../platform/telemetry/index.js';

/** What the comings and goings of agents show on `/metrics`. */
export interface DeskMetrics {
  fired(lateMs: Millis): void;
}

export function deskMetrics(
  metrics: Metrics,
  backlog: () => Promise<{ readonly departures: number; readonly oldestSeconds: number }>,
): DeskMetrics {
  const lateness = metrics.histogram(
    'switchboard_agent_timer_lateness_seconds',
    'How long after their due time timers of agents had their effect.',
    [],
    [0.1, 0.5, 1, 2, 5, 15, 60, 300],
  );
  const waits = remembered(backlog);
  metrics.observe(
    'switchboard_agent_departures_pending',
    'Conversations that have not heard yet that their agent is gone; counted up to 100000.',
    async () => (await waits()).departures,
  );
  metrics.observe(
    'switchboard_agent_departures_oldest_seconds',
    'How long the oldest of them waits.',
    async () => (await waits()).oldestSeconds,
  );
  return { fired: (lateMs) => lateness.observe(lateMs / 1000) };
}
