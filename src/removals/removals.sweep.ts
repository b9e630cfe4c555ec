import { Injectable, Logger } from '@nestjs/common';
import type { Millis } from '../kernel/index.js';
import { Config } from '../platform/config/index.js';
import { inApps } from '../platform/postgres/index.js';
import { Metrics } from '../platform/telemetry/index.js';
import { LedgerBusy } from './commands.js';
import { removalMetrics, type RemovalMetrics } from './metrics.js';
import { RemovalsStore, type Removal } from './removals.store.js';
import { RemovalWork } from './work.js';

/** A removal begins at most this late. */
const SWEEP_MS: Millis = 500;
const BUSY_MS: Millis = 1_000;
const FAILED_MS: Millis = 5_000;
const FORGET_MS: Millis = 3_600_000;

/**
 * Works on removals, each a turn at a time, the one that waits longest first. Any process with the role `timers` may: a
 * lease keeps two from working on one, and it runs out when its process dies.
 */
@Injectable()
export class RemovalsSweep {
  private readonly log = new Logger('Removals');
  private readonly metrics: RemovalMetrics;
  private next: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();
  private forgotAt = -Infinity;
  private stopped = false;

  constructor(
    private readonly store: RemovalsStore,
    private readonly work: RemovalWork,
    private readonly config: Config,
    metrics: Metrics,
  ) {
    this.metrics = removalMetrics(metrics, () => store.backlog());
  }

  onApplicationBootstrap(): void {
    if (this.config.roles.has('timers')) this.schedule(0);
  }

  /** Begins nothing new and waits for the piece under way. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    if (this.next) clearTimeout(this.next);
    await this.running;
  }

  private schedule(delayMs: Millis): void {
    if (this.stopped) return;
    this.next = setTimeout(() => {
      this.running = this.sweep()
        .catch((error: unknown) => this.log.warn(`removals wait for the next sweep: ${String(error)}`))
        .finally(() => this.schedule(SWEEP_MS));
    }, delayMs);
  }

  private async sweep(): Promise<void> {
    while (!this.stopped) {
      const removal = await this.store.claim();
      if (removal === null) return this.forget();
      await this.turn(removal);
    }
  }

  private async turn(removal: Removal): Promise<void> {
    try {
      const { appId } = removal;
      this.metrics.settled(await inApps([appId], () => this.work.turn(removal, () => this.stopped)));
    } catch (error) {
      const busy = error instanceof LedgerBusy;
      const { id, appId, kind, stage } = removal;
      this.log.warn(`removal ${id} (${kind} of app ${appId}, ${stage}) is gone on with later: ${String(error)}`);
      await this.store.release(removal, busy ? BUSY_MS : FAILED_MS);
    }
  }

  private async forget(): Promise<void> {
    if (performance.now() - this.forgotAt < FORGET_MS) return;
    this.forgotAt = performance.now();
    await this.store.forget();
  }
}
