import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ConversationCommands } from '../../conversation/index.js';
import { Failure } from '../../kernel/index.js';
import { Partitions } from '../../ledger/index.js';
import { Config } from '../../platform/config/index.js';
import { Troubles } from '../../platform/telemetry/index.js';
import { HolderWatchStore, type Overdue } from './holder-watch.store.js';

const EVERY_MS = 250;
const BATCH = 256;
/** Whoever has just taken over a partition, or had no database, tries what lies there before it calls anybody dead. */
const GRACE_MS = 1_000;

/**
 * Gives control away where the deadline of its holder came (R14): reads the deadlines that are due and gives each to the
 * ledger as a command, then forgets it. Killed in between it is read again, and by then the epoch is another.
 */
@Injectable()
export class FailOverSweep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly sweeps = new Troubles(FailOverSweep.name, {
    fails: 'deadlines of holders wait for the next sweep',
    over: 'deadlines of holders are kept again',
  });
  private readonly vain = new Troubles(FailOverSweep.name, {
    fails: 'control could not be given away at the deadline of its holder; it is tried again',
  });
  /** By partition, since when it may be judged here. */
  private readonly since = new Map<number, number>();
  private next: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly watches: HolderWatchStore,
    private readonly commands: ConversationCommands,
    private readonly partitions: Partitions,
    private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.roles.has('lanes')) this.schedule();
  }

  /** Begins nothing new and waits for the commands it gave. */
  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    if (this.next) clearTimeout(this.next);
    await this.running;
  }

  private schedule(): void {
    if (this.stopped) return;
    this.next = setTimeout(() => {
      this.running = this.sweep()
        .then(
          () => this.sweeps.over(),
          (error: unknown) => {
            this.since.clear();
            this.sweeps.failed(error);
          },
        )
        .finally(() => this.schedule());
    }, EVERY_MS);
  }

  private async sweep(): Promise<void> {
    for (;;) {
      const ours = this.settled();
      if (ours.length === 0) return;
      const due = await this.watches.due(ours, BATCH);
      if (due.length === 0) return;
      const later = due.filter(({ verdict }) => verdict === 'later');
      if (later.length > 0) await this.watches.postpone(later.map(({ deliveryId }) => deliveryId));
      const told = await Promise.all(due.map((one) => one.verdict === 'dead' && this.tell(one)));
      await this.watches.forget(due.filter(({ verdict }, n) => verdict === 'over' || told[n] === true));
      if (this.stopped || due.length < BATCH || due.some(({ verdict }, n) => verdict === 'dead' && !told[n])) return;
    }
  }

  /** Partitions that have been ours for long enough. */
  private settled(): readonly number[] {
    const now = performance.now();
    const owned = this.partitions.owned();
    const still = new Set(owned);
    for (const partition of this.since.keys()) if (!still.has(partition)) this.since.delete(partition);
    for (const partition of owned) if (!this.since.has(partition)) this.since.set(partition, now + GRACE_MS);
    return owned.filter((partition) => (this.since.get(partition) ?? Infinity) <= now);
  }

  /** `false`: it could not be told, and stays due. */
  private async tell({ appId, conversationId, role, mark, switchboardIntegrationId: id }: Overdue): Promise<boolean> {
    const errand = { appId, conversationId, by: { type: 'system' }, idempotency: null } as const;
    try {
      await this.commands.run(
        errand,
        role === 'active'
          ? { type: 'failOver', holder: id, why: 'undeliverable', controlEpoch: mark }
          : { type: 'failOffer', pending: id, offerSeq: mark },
      );
      this.vain.over({}, conversationId);
      return true;
    } catch (error) {
      if (isGone(error)) return true;
      this.vain.failed(error, { appId, conversationId, switchboardIntegrationId: id }, conversationId);
      return false;
    }
  }
}

const isGone = (error: unknown): boolean =>
  error instanceof Failure && (error.code === 'conversation_not_found' || error.code === 'app_not_found');
