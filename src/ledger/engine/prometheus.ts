import { Counter, Gauge, Histogram, register, type Registry } from 'prom-client';
import type { LedgerMetrics } from './metrics.js';

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

const known = new WeakMap<Registry, LedgerMetrics>();

/** The engine's figures for `GET /metrics`: one set per registry, however many engines a process has. */
export function ledgerMetrics(registry: Registry = register): LedgerMetrics {
  const metrics = known.get(registry) ?? registered([registry]);
  known.set(registry, metrics);
  return metrics;
}

function registered(registers: Registry[]): LedgerMetrics {
  const size = new Histogram({
    name: 'switchboard_ledger_group_size',
    help: 'Commands per transaction.',
    buckets: [1, 2, 4, 8, 16, 32, 64],
    registers,
  });
  const transaction = new Histogram({
    name: 'switchboard_ledger_transaction_seconds',
    help: 'From BEGIN to the answer to COMMIT.',
    buckets: SECONDS,
    registers,
  });
  const wait = new Histogram({
    name: 'switchboard_ledger_wait_seconds',
    help: 'From the arrival of a command to its first transaction.',
    buckets: SECONDS,
    registers,
  });
  const queue = new Gauge({ name: 'switchboard_ledger_queue', help: 'Commands waiting.', registers });
  const retries = new Counter({
    name: 'switchboard_ledger_retries_total',
    help: 'Groups that did not commit at once, by what was done about it.',
    labelNames: ['cause'],
    registers,
  });
  const hooks = new Counter({
    name: 'switchboard_ledger_hook_failures_total',
    help: 'Hand-overs after COMMIT that threw; sweeps find what they dropped.',
    registers,
  });
  return {
    group: (members, durationMs) => {
      size.observe(members);
      transaction.observe(durationMs / 1000);
    },
    waited: (durationMs) => wait.observe(durationMs / 1000),
    queued: (commands) => queue.set(commands),
    retried: (cause) => retries.inc({ cause }),
    hookFailed: () => hooks.inc(),
  };
}
