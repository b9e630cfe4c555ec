import { remembered, type Metrics } from '../../platform/telemetry/index.js';
import type { Backlog } from './timers.store.js';

/** What timers show on `/metrics`. Lateness is this process's, the backlog that of all. Must return at once. */
export interface TimerMetrics {
  fired(lateMs: number): void;
}

export function timerMetrics(metrics: Metrics, backlog: () => Promise<Backlog>): TimerMetrics {
  const lateness = metrics.histogram(
    'switchboard_timer_lateness_seconds',
    'How long after their due time timers had their effect.',
    [],
    [0.1, 0.5, 1, 2, 5, 15, 60, 300],
  );
  const waits = remembered(backlog);
  metrics.observe(
    'switchboard_timer_due',
    'Timers that are due and have not fired; counted up to 100000.',
    async () => (await waits()).timers,
  );
  metrics.observe(
    'switchboard_timer_oldest_seconds',
    'How late the oldest of them is.',
    async () => (await waits()).oldestSeconds,
  );
  return { fired: (lateMs) => lateness.observe(lateMs / 1000) };
}
