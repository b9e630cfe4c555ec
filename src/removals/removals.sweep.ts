import { Injectable } from '@nestjs/common';
import type { Millis } from '../kernel/index.js';
import { Config } from '../platform/config/index.js';
import { inApps } from '../platform/postgres/index.js';
import { Metrics, Troubles } from '../platform/telemetry/index.js';
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
  private readonly troubles = new Troubles(RemovalsSweep.name, {
    fails: 'a removal is gone on with later',
    over: 'a removal goes on',
  });
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
        .then(() => this.troubles.over())
        .catch((error: unknown) => this.troubles.failed(error))
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
    const { id, appId, kind, stage } = removal;
    try {
      this.metrics.settled(await inApps([appId], () => this.work.turn(removal, () => this.stopped)));
      this.troubles.over({ removalId: id, appId }, id);
    } catch (error) {
      const busy = error instanceof LedgerBusy;
      this.troubles.failed(error, { removalId: id, appId, kind, stage }, id);
      await this.store.release(removal, busy ? BUSY_MS : FAILED_MS);
    }
  }

  private async forget(): Promise<void> {
    if (performance.now() - this.forgotAt < FORGET_MS) return;
    this.forgotAt = performance.now();
    await this.store.forget();
  }
}
