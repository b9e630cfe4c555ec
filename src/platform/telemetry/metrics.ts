import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, collectDefaultMetrics, register, type Metric } from 'prom-client';

/**
 * The process's figures, read at `GET /metrics`. Asking for a name again gives the same figure. Labels must come from a
 * small fixed set: never an id, a URL or anything a caller chose.
 */
@Injectable()
export class Metrics {
  constructor() {
    if (register.getSingleMetric('process_cpu_seconds_total') === undefined) collectDefaultMetrics();
  }

  counter(name: string, help: string, labelNames: readonly string[] = []): Counter {
    return known<Counter>(name) ?? new Counter({ name, help, labelNames: [...labelNames] });
  }

  gauge(name: string, help: string, labelNames: readonly string[] = []): Gauge {
    return known<Gauge>(name) ?? new Gauge({ name, help, labelNames: [...labelNames] });
  }

  /** A gauge that is read when somebody looks. What fails to be read is left out. */
  observe(name: string, help: string, read: () => number | Promise<number>): void {
    register.removeSingleMetric(name);
    const gauge: Gauge = new Gauge({
      name,
      help,
      collect: async () => {
        try {
          gauge.set(await read());
        } catch {
          gauge.remove();
        }
      },
    });
  }

  /** @param buckets Upper bounds, in the unit that `name` ends in. */
  histogram(name: string, help: string, labelNames: readonly string[], buckets: readonly number[]): Histogram {
    return known<Histogram>(name) ?? new Histogram({ name, help, labelNames: [...labelNames], buckets: [...buckets] });
  }

  /** The text that Prometheus reads. */
  async text(): Promise<{ readonly contentType: string; readonly body: string }> {
    return { contentType: register.contentType, body: await register.metrics() };
  }
}

function known<Kind extends Metric>(name: string): Kind | undefined {
  return register.getSingleMetric(name) as Kind | undefined;
}
