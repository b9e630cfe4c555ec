import { Injectable, Logger } from '@nestjs/common';
import { Histogram, register } from 'prom-client';
import { Failure } from '../../kernel/index.js';
import { Config } from '../../platform/config/index.js';
import { ConversationCommands, type Errand } from '../commands/conversation.commands.js';
import { TimersStore, type DueTimer } from './timers.store.js';

/** How long a sweep waits for the next; a timer is at most this late, plus its turn in the ledger. */
const SWEEP_MS = 1_000;
/** Timers queued at once: enough to keep groups full, few enough to leave room for callers. */
const BATCH = 256;

/**
 * Fires timers that are due: reads them without a lock and gives each to the ledger as a command, which deletes the row
 * in its transaction. A late, repeated or outdated firing is a no-op there.
 */
@Injectable()
export class TimersSweep {
  private readonly log = new Logger(TimersSweep.name);
  private readonly lateness = latenessMetric();
  private next: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly timers: TimersStore,
    private readonly commands: ConversationCommands,
    private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.roles.has('timers')) this.schedule(0);
  }

  /** Takes no more timers and waits for those it took. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.next) clearTimeout(this.next);
    await this.running;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stop();
  }

  /** Fires everything that is due now. */
  async sweep(): Promise<void> {
    for (;;) {
      const due = await this.timers.due(BATCH);
      const fired = await Promise.all(due.map((timer) => this.fire(timer)));
      // Timers that could not be fired are due still: they wait for the next sweep, not for this loop.
      if (this.stopped || due.length < BATCH || fired.includes(false)) return;
    }
  }

  private schedule(delayMs: number): void {
    if (this.stopped) return;
    this.next = setTimeout(() => {
      this.running = this.sweep()
        .catch((error: unknown) => this.log.warn(`timers wait for the next sweep: ${String(error)}`))
        .finally(() => this.schedule(SWEEP_MS));
    }, delayMs);
  }

  private async fire(timer: DueTimer): Promise<boolean> {
    this.lateness.observe(timer.lateMs / 1_000);
    const { appId, conversationId, kind, subject } = timer;
    const errand: Errand = { appId, conversationId, by: { type: 'system' }, idempotency: null };
    try {
      await this.commands.run(
        errand,
        kind === 'offerExpiry'
          ? { type: 'expireOffer', offerSeq: Number(subject) }
          : { type: 'expireEnding', sessionId: subject },
      );
      return true;
    } catch (error) {
      if (!isGone(error)) {
        this.log.warn(`timer ${timer.id} of conversation ${conversationId} stays due: ${String(error)}`);
        return false;
      }
      await this.timers.forget(timer.id);
      return true;
    }
  }
}

const isGone = (error: unknown): boolean =>
  error instanceof Failure && (error.code === 'conversation_not_found' || error.code === 'app_not_found');

/** The process has one, however often a test starts the app. */
function latenessMetric(): Histogram {
  const name = 'switchboard_timer_lateness_seconds';
  return (
    (register.getSingleMetric(name) as Histogram | undefined) ??
    new Histogram({
      name,
      help: 'How long after their due time timers were fired.',
      buckets: [0.1, 0.5, 1, 2, 5, 15, 60, 300],
    })
  );
}
