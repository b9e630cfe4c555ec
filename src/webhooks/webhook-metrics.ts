import type { Counter, Histogram } from 'prom-client';
import { remembered, type Metrics } from '../platform/telemetry/index.js';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60, 300, 900];

const name = (what: string): string => `switchboard_webhook_${what}`;

/** What webhooks show on `/metrics`. Conservation: made = delivered + dead + pending (R23 of `docs/invariants.md`). */
export class WebhookMetrics {
  readonly #made: Counter;
  readonly #done: Counter;
  readonly #attempts: Counter;
  readonly #attemptSeconds: Histogram;
  readonly #ageSeconds: Histogram;
  readonly #fleeting: Counter;

  constructor(metrics: Metrics, pending: () => Promise<number>) {
    this.#made = metrics.counter(
      name('deliveries_made_total'),
      'Deliveries committed with their events by this process.',
    );
    this.#done = metrics.counter(name('deliveries_done_total'), 'Deliveries that ended here: delivered, or dead.', [
      'outcome',
    ]);
    this.#attempts = metrics.counter(
      name('attempts_total'),
      'Attempts by how they ended: 2xx to 5xx, timeout, failed, forbidden.',
      ['outcome'],
    );
    this.#attemptSeconds = metrics.histogram(name('attempt_seconds'), 'From start to end of an attempt.', [], SECONDS);
    this.#ageSeconds = metrics.histogram(name('delivered_seconds'), 'From the event to its 2xx.', [], SECONDS);
    this.#fleeting = metrics.counter(
      name('fleeting_total'),
      'Typing and read events, tried once: delivered, lost or skipped.',
      ['outcome'],
    );
    metrics.observe(
      name('deliveries_pending'),
      'Deliveries not done yet, of all processes; counted up to 100000.',
      remembered(pending),
    );
  }

  made(count: number): void {
    this.#made.inc(count);
  }

  attempted(outcome: string, tookMs: number): void {
    this.#attempts.inc({ outcome });
    this.#attemptSeconds.observe(tookMs / 1000);
  }

  delivered(ageMs: number): void {
    this.#done.inc({ outcome: 'delivered' });
    this.#ageSeconds.observe(ageMs / 1000);
  }

  buried(): void {
    this.#done.inc({ outcome: 'dead' });
  }

  fleeting(outcome: 'delivered' | 'lost' | 'skipped'): void {
    this.#fleeting.inc({ outcome });
  }
}
