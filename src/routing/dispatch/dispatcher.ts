import { Injectable, Logger } from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import { setTimeout as pause } from 'node:timers/promises';
import { AGENTS_CHANGED, type AgentsChanged } from '../../agents/index.js';
import { ConfigurationStore, type AppConfiguration } from '../../configuration/index.js';
import { ConversationCommands, type Queue } from '../../conversation/index.js';
import { Failure, type AppId, type Millis } from '../../kernel/index.js';
import { Config } from '../../platform/config/index.js';
import { Metrics, Troubles } from '../../platform/telemetry/index.js';
import { isOpen } from '../core/hours.js';
import { SESSIONS_WAIT, type SessionsWait } from '../signals.js';
import { DispatchStore, type InLine } from './dispatch.store.js';
import { Floor } from './floor.js';
import { routingMetrics, type RoutingMetrics } from './metrics.js';
import { each, Offers } from './offers.js';
import { OrphansStore } from './orphans.store.js';

/** How long a session waits at most for a process that was told nothing. */
const SWEEP_MS: Millis = 1_000;
/** Between two passes over one app: a burst of changes is one pass. */
const PAUSE_MS: Millis = 10;
const ORPHANS_MS: Millis = 30_000;
const AT_ONCE = 16;
/** Sessions that overflow from one queue in one pass. */
const MOST_OVERFLOWING = 500;

/**
 * Finds an agent for each session that waits: woken by what changes in this process, and sweeping for what changed in
 * others. It decides nothing: it asks for offers, and the lock of conversation and agent says whether they hold, so
 * several dispatchers at once do no harm (K-3, X-12).
 */
@Injectable()
export class Dispatcher {
  private readonly log = new Logger(Dispatcher.name);
  private readonly sweeps = new Troubles(Dispatcher.name, {
    fails: 'sessions wait for the next sweep',
    over: 'sessions are given out again',
  });
  private readonly vain = new Troubles(Dispatcher.name, {
    fails: 'sessions of an app could not be given out and wait for the next sweep',
    over: 'sessions of an app are given out again',
  });
  private readonly metrics: RoutingMetrics;
  private readonly woken = new Set<AppId>();
  private readonly running = new Map<AppId, Promise<void>>();
  private readonly on: boolean;
  private next: NodeJS.Timeout | null = null;
  private lookedForOrphans = -Infinity;
  private stopped = false;

  constructor(
    private readonly store: DispatchStore,
    private readonly orphans: OrphansStore,
    private readonly commands: ConversationCommands,
    private readonly configurations: ConfigurationStore,
    config: Config,
    metrics: Metrics,
  ) {
    this.on = config.roles.has('routing');
    this.metrics = routingMetrics(metrics, () => store.backlog());
  }

  onApplicationBootstrap(): void {
    if (this.on) this.schedule(0);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    if (this.next) clearTimeout(this.next);
    await Promise.all(this.running.values());
  }

  @OnEvent(SESSIONS_WAIT)
  onWaiting({ appIds }: SessionsWait): void {
    for (const appId of appIds) this.wake(appId as AppId);
  }

  @OnEvent(AGENTS_CHANGED)
  onAgents({ agents }: AgentsChanged): void {
    for (const appId of new Set(agents.map((agent) => agent.appId))) this.wake(appId as AppId);
  }

  /** Every app that somebody waits in; answers when they were all looked at. */
  async sweep(): Promise<void> {
    try {
      await this.repair();
      const apps = await this.store.apps();
      this.sweeps.over();
      await Promise.all(apps.map((appId) => this.look(appId)));
    } catch (error) {
      this.sweeps.failed(error);
    }
  }

  private schedule(delayMs: Millis): void {
    if (this.stopped) return;
    this.next = setTimeout(() => void this.sweep().finally(() => this.schedule(SWEEP_MS)), delayMs);
  }

  private wake(appId: AppId): void {
    if (this.on && !this.stopped) void this.look(appId);
  }

  /** One pass over an app at a time; who comes meanwhile gets one more. */
  private look(appId: AppId): Promise<void> {
    this.woken.add(appId);
    const running = this.running.get(appId) ?? this.passes(appId);
    this.running.set(appId, running);
    return running;
  }

  private async passes(appId: AppId): Promise<void> {
    try {
      while (this.woken.delete(appId) && !this.stopped) {
        if (await this.pass(appId)) this.woken.add(appId);
        await pause(PAUSE_MS);
      }
      this.vain.over({ appId }, appId);
    } catch (error) {
      if (!isGone(error)) this.vain.failed(error, { appId }, appId);
    } finally {
      this.running.delete(appId);
    }
  }

  /** Whether there is reason for another one at once. */
  private async pass(appId: AppId): Promise<boolean> {
    const { version, now, queueIds } = await this.store.unserved(appId);
    const configuration = await this.configurations.since(appId, version);
    const queues = queueIds.map((id) => configuration.queues.find((queue) => queue.id === id) ?? null);
    const isClosed = (queue: Queue | null): boolean => queue !== null && !isOpen(queue.hours, now);
    let stale = false;
    for (const queue of queues) if (queue && isClosed(queue)) await this.overflow(appId, queue, 0);
    const open = queues.filter((queue) => !isClosed(queue));
    if (open.length > 0) {
      const agents = await this.store.agents(appId);
      const offers = new Offers(appId, this.store, this.commands, new Floor(agents, now), this.metrics);
      await offers.make(open);
      stale = offers.stale;
    }
    await this.acceptForAgents(configuration);
    for (const queue of open)
      if (queue && queue.mostWaiting !== null) await this.overflow(appId, queue, queue.mostWaiting);
    return stale;
  }

  /** Closed, or too many: its overflow rule holds now (T13). Whoever has nowhere to go is told so once. */
  private async overflow(appId: AppId, { id: queueId }: Queue, most: number): Promise<void> {
    const late = await this.store.beyond({ appId, queueId }, most, MOST_OVERFLOWING);
    await each(late, AT_ONCE, async (work) => {
      await this.tell(appId, work, { type: 'overflowQueue', queueId });
    });
  }

  /** An offer is an acceptance there. Also those that were offered before this process began. */
  private async acceptForAgents({ appId, queues }: AppConfiguration): Promise<void> {
    const asking = queues.filter(({ autoAccept }) => autoAccept).map(({ id }) => id);
    const offered = await this.store.toAccept(appId, asking);
    await each(offered, AT_ONCE, async ({ workItemId, ...work }) => {
      await this.tell(appId, work, { type: 'acceptWork', by: { type: 'system' }, workItemId });
    });
  }

  private async tell(
    appId: AppId,
    { conversationId, sessionId }: Pick<InLine, 'conversationId' | 'sessionId'>,
    command: Parameters<ConversationCommands['runIn']>[2],
  ): Promise<void> {
    const errand = { appId, conversationId, by: { type: 'system' }, idempotency: null } as const;
    try {
      await this.commands.runIn(errand, sessionId, command);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  /** Nobody waits for ever because a row is missing (`docs/rules.md` 6.20). */
  private async repair(): Promise<void> {
    if (performance.now() - this.lookedForOrphans < ORPHANS_MS) return;
    this.lookedForOrphans = performance.now();
    const repaired = await this.orphans.repair();
    if (repaired === 0) return;
    this.metrics.repaired(repaired);
    this.log.warn(`put ${repaired} sessions back in line, or out of it`);
  }
}

const isGone = (error: unknown): boolean =>
  error instanceof Failure && (error.code === 'conversation_not_found' || error.code === 'app_not_found');
