import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60, 300, 900];

/** What webhooks show on `/metrics`. Conservation: made = delivered + dead + pending (R23 of `reliability.md`). */
export class WebhookMetrics {
  readonly #made: Counter;
  readonly #done: Counter<'outcome'>;
  readonly #attempts: Counter<'outcome'>;
  readonly #attemptSeconds: Histogram;
  readonly #ageSeconds: Histogram;
  readonly #fleeting: Counter<'outcome'>;

  constructor(registry: Registry, pending: () => Promise<number>) {
    const registers = [registry];
    this.#made = new Counter({
      name: 'switchboard_webhook_deliveries_made_total',
      help: 'Deliveries committed with their events by this process.',
      registers,
    });
    this.#done = new Counter({
      name: 'switchboard_webhook_deliveries_done_total',
      help: 'Deliveries that ended here: delivered, or dead.',
      labelNames: ['outcome'],
      registers,
    });
    this.#attempts = new Counter({
      name: 'switchboard_webhook_attempts_total',
      help: 'Attempts by how they ended: 2xx to 5xx, timeout, failed, forbidden.',
      labelNames: ['outcome'],
      registers,
    });
    this.#attemptSeconds = new Histogram({
      name: 'switchboard_webhook_attempt_seconds',
      help: 'From the start of an attempt to its end.',
      buckets: SECONDS,
      registers,
    });
    this.#ageSeconds = new Histogram({
      name: 'switchboard_webhook_delivered_seconds',
      help: 'From the event to its 2xx.',
      buckets: SECONDS,
      registers,
    });
    this.#fleeting = new Counter({
      name: 'switchboard_webhook_fleeting_total',
      help: 'Typing and read events, tried once: delivered, lost or skipped.',
      labelNames: ['outcome'],
      registers,
    });
    void new Gauge({
      name: 'switchboard_webhook_deliveries_pending',
      help: 'Deliveries not done yet, of all processes; counted up to 100000.',
      registers,
      async collect() {
        this.set(await pending().catch(() => Number.NaN));
      },
    });
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
