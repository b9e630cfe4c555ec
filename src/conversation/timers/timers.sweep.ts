import { Injectable } from '@nestjs/common';
import { Failure, type Millis } from '../../kernel/index.js';
import { Config } from '../../platform/config/index.js';
import { Metrics, Troubles } from '../../platform/telemetry/index.js';
import { ConversationCommands, type Errand } from '../commands/conversation.commands.js';
import type { DueTimer, TimerClaims } from './claims.store.js';
import { commandOf } from './command-of.js';
import { timerMetrics, type TimerMetrics } from './metrics.js';
import { Position } from './position.js';
import { TimersStore } from './timers.store.js';

/** How long a sweep waits for the next; a timer is at most this late, plus its turn in the ledger. */
const SWEEP_MS: Millis = 1_000;
/** Timers in the ledger at once: enough to keep groups full, few enough to leave room for callers. */
const AT_ONCE = 256;
/** The next are looked for while a group of them still waits: writers never stand idle for the search. */
const LOW = AT_ONCE - 64;
/** So many that fail one after another say that it is not their fault: what is left waits for the next sweep. */
const FAILURES = AT_ONCE;

/**
 * Fires timers that are due: reads them without locking their rows and gives each to the ledger as a command, which
 * deletes the row in its transaction. A late, repeated or outdated firing is a no-op there. Several processes may sweep;
 * claims keep them from doing the same work.
 */
@Injectable()
export class TimersSweep {
  private readonly sweeps = new Troubles(TimersSweep.name, {
    fails: 'timers wait for the next sweep',
    over: 'timers are fired again',
  });
  private readonly vain = new Troubles(TimersSweep.name, { fails: 'a timer could not be fired and stays due' });
  private readonly claims: TimerClaims;
  private readonly metrics: TimerMetrics;
  private readonly position = new Position();
  private readonly firing = new Set<string>();
  private fired: string[] = [];
  private failures = 0;
  private room: (() => void) | null = null;
  private next: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly timers: TimersStore,
    private readonly commands: ConversationCommands,
    private readonly config: Config,
    metrics: Metrics,
  ) {
    this.claims = timers.claims();
    this.metrics = timerMetrics(metrics, () => timers.backlog());
  }

  onApplicationBootstrap(): void {
    if (this.config.roles.has('timers')) this.schedule(0);
  }

  /** Takes no more timers and waits for those it took. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.next) clearTimeout(this.next);
    await this.running;
    this.claims.close();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stop();
  }

  /** Fires everything that is due now; one sweep at a time. */
  sweep(): Promise<void> {
    this.running = this.running
      .then(() => this.fireAll())
      .then(
        () => this.sweeps.over(),
        (error: unknown) => this.sweeps.failed(error),
      );
    return this.running;
  }

  private schedule(delayMs: Millis): void {
    if (this.stopped) return;
    this.next = setTimeout(() => void this.sweep().finally(() => this.schedule(SWEEP_MS)), delayMs);
  }

  private async fireAll(): Promise<void> {
    this.failures = 0;
    try {
      while (!this.stopped && this.failures < FAILURES) {
        if (await this.fireSome()) {
          this.position.rewind();
          break;
        }
        await this.down(LOW);
      }
    } finally {
      await this.down(0);
      await this.release();
    }
  }

  /** Whether nothing more is due. */
  private async fireSome(): Promise<boolean> {
    const limit = AT_ONCE - this.firing.size;
    const except = [...this.firing, ...this.position.left];
    const [, due] = await Promise.all([this.release(), this.claims.take(this.position.from, except, limit)]);
    for (const timer of due) {
      const isNew = this.position.pass(timer);
      if (timer.ours && isNew) void this.fire(timer);
      else if (timer.ours) this.fired.push(timer.id);
    }
    return due.length < limit;
  }

  private async fire(timer: DueTimer): Promise<void> {
    const begun = performance.now();
    this.firing.add(timer.id);
    try {
      await this.command(timer);
      this.failures = 0;
      this.vain.over({}, timer.id);
      this.metrics.fired(timer.lateMs + performance.now() - begun);
    } catch (error) {
      this.failures += 1;
      const { id: timerId, appId, conversationId } = timer;
      this.vain.failed(error, { timerId, appId, conversationId }, timerId);
    } finally {
      this.firing.delete(timer.id);
      this.fired.push(timer.id);
      this.room?.();
    }
  }

  private async command(timer: DueTimer): Promise<void> {
    const { appId, conversationId } = timer;
    const errand: Errand = { appId, conversationId, by: { type: 'system' }, idempotency: null };
    try {
      await this.commands.run(errand, commandOf(timer));
    } catch (error) {
      if (!isGone(error)) throw error;
      await this.timers.forget(timer.id);
    }
  }

  /** Waits until at most so many are in the ledger. */
  private async down(to: number): Promise<void> {
    while (this.firing.size > to) await new Promise<void>((resolve) => (this.room = resolve));
    this.room = null;
  }

  private async release(): Promise<void> {
    const fired = this.fired;
    this.fired = [];
    await this.claims.release(fired);
  }
}

const isGone = (error: unknown): boolean =>
  error instanceof Failure && (error.code === 'conversation_not_found' || error.code === 'app_not_found');
