import { Counter, register } from 'prom-client';
import type { RowWriter } from '../../ledger/index.js';
import type { Settled } from '../recorded.js';

/**
 * Counts holders that failed and answers that are late, as they are decided. Writes no row; a group that is tried again
 * counts again.
 */
export const failureMetrics: RowWriter<Settled> = {
  name: 'failure_metrics',
  write(entries): null {
    for (const { recorded } of entries) {
      for (const { event } of recorded) {
        if (event.type === 'holderFailed') failed().inc({ role: event.role, why: event.why });
        else if (event.type === 'replyOverdue') late().inc();
      }
    }
    return null;
  },
};

const failed = (): Counter =>
  counter('switchboard_holders_failed_total', 'Holders and invited ones found dead or too slow.', ['role', 'why']);

const late = (): Counter =>
  counter('switchboard_replies_overdue_total', 'Answers of holders that were not there at their deadline.', []);

/** The process has one of each, however often a test starts the app. */
function counter(name: string, help: string, labelNames: string[]): Counter {
  return (register.getSingleMetric(name) as Counter | undefined) ?? new Counter({ name, help, labelNames });
}
