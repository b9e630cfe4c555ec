import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Millis } from '../../kernel/index.js';
import { Metrics } from '../telemetry/metrics.js';
import { CorrectedTime } from './corrected-time.js';
import { DatabaseTime } from './database-time.query.js';

const LOOK_EVERY_MS = 30_000;

/**
 * The database's time without asking it: for what leaves the house with a time that others compare with theirs, and for
 * times of theirs that we compare. Several processes agree on it, and one whose machine has a wrong time is right.
 */
@Injectable()
export class HouseClock implements OnModuleInit, OnModuleDestroy {
  readonly #log = new Logger(HouseClock.name);
  readonly #time = new CorrectedTime({ wall: () => Date.now(), steady: () => performance.now() });
  #looking: Promise<void> | null = null;
  #watch: NodeJS.Timeout | null = null;

  constructor(
    private readonly database: DatabaseTime,
    metrics: Metrics,
  ) {
    metrics.observe(
      'switchboard_clock_offset_seconds',
      "By how much the database's clock is ahead of this machine's.",
      () => this.offsetSeconds(),
    );
  }

  async onModuleInit(): Promise<void> {
    this.#watch = setInterval(() => void this.look(), LOOK_EVERY_MS);
    this.#watch.unref();
    await this.look();
  }

  onModuleDestroy(): void {
    if (this.#watch !== null) clearInterval(this.#watch);
  }

  now(): Millis {
    if (this.#time.hasMoved) void this.look();
    return this.#time.now();
  }

  /** By how much the database's clock is ahead of this machine's; `null`: not known yet. */
  get offset(): Millis | null {
    return this.#time.offset();
  }

  /** The two are more than two seconds apart. */
  get differs(): boolean {
    return this.#time.differs;
  }

  /** Looks at the database's clock now; one look at a time. */
  look(): Promise<void> {
    this.#looking ??= this.lookNow().finally(() => (this.#looking = null));
    return this.#looking;
  }

  private offsetSeconds(): number {
    const { offset } = this;
    if (offset === null) throw new Error('nobody looked at the clock of the database yet');
    return offset / 1000;
  }

  private async lookNow(): Promise<void> {
    // That the database is away is told by others; the last look is good for a long time.
    const readings = await this.database.look().catch(() => []);
    const did = this.#time.differs;
    this.#time.take(readings);
    if (did === this.differs) return;
    const facts = { offsetSeconds: this.offsetSeconds() };
    if (this.differs)
      this.#log.warn(
        facts,
        "the clocks of this machine and of the database differ; what leaves the house has the database's time: synchronise both",
      );
    else this.#log.log(facts, 'the clocks of this machine and of the database agree again');
  }
}
