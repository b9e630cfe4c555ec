import type { Millis } from '../kernel/index.js';
import type { Metrics } from '../platform/telemetry/index.js';

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
  metrics.observe(
    'switchboard_agent_departures_pending',
    'Conversations that have not heard yet that their agent is gone.',
    async () => (await backlog()).departures,
  );
  metrics.observe(
    'switchboard_agent_departures_oldest_seconds',
    'How long the oldest of them waits.',
    async () => (await backlog()).oldestSeconds,
  );
  return { fired: (lateMs) => lateness.observe(lateMs / 1000) };
}
