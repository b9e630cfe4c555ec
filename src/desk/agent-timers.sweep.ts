import { Injectable } from '@nestjs/common';
import { agentWaits, AgentCommands, AgentTimersStore, type AgentAnswer, type DueAgentTimer } from '../agents/index.js';
import { Failure, type WorkItemId } from '../kernel/index.js';
import { Config } from '../platform/config/index.js';
import { Metrics, Troubles } from '../platform/telemetry/index.js';
import { Departures } from './departures.js';
import { deskMetrics, type DeskMetrics } from './metrics.js';

/** A timer of an agent is at most this late, plus its turn in the ledger. */
const SWEEP_MS = 1_000;
const BATCH = 256;

/** Fires what is due for agents, as timers of conversations are fired, and tells conversations of those who went. */
@Injectable()
export class AgentTimersSweep {
  private readonly sweeps = new Troubles(AgentTimersSweep.name, {
    fails: 'timers of agents wait for the next sweep',
    over: 'timers of agents are fired again',
  });
  private readonly vain = new Troubles(AgentTimersSweep.name, {
    fails: 'a timer of an agent could not be fired and stays due',
  });
  private readonly metrics: DeskMetrics;
  private next: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly timers: AgentTimersStore,
    private readonly commands: AgentCommands,
    private readonly departures: Departures,
    private readonly config: Config,
    metrics: Metrics,
  ) {
    this.metrics = deskMetrics(metrics, () => timers.backlog());
  }

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
      if (this.stopped || due.length < BATCH || fired.includes(false)) break;
    }
    await this.departures.sweep();
  }

  private schedule(delayMs: number): void {
    if (this.stopped) return;
    this.next = setTimeout(() => {
      this.running = this.sweep()
        .then(
          () => this.sweeps.over(),
          (error: unknown) => this.sweeps.failed(error),
        )
        .finally(() => this.schedule(SWEEP_MS));
    }, delayMs);
  }

  private async fire(timer: DueAgentTimer): Promise<boolean> {
    try {
      const { agent } = await this.command(timer);
      this.metrics.fired(timer.lateMs);
      this.vain.over({}, timer.id);
      // One that came too early, because the clock went back, is still waited for.
      const waits = agentWaits(agent).some(
        ({ kind, subject, due }) => kind === timer.kind && subject === timer.subject && due === timer.due,
      );
      if (!waits) await this.timers.forget(timer);
      return true;
    } catch (error) {
      if (error instanceof Failure && (error.code === 'agent_not_found' || error.code === 'app_not_found')) {
        await this.timers.forget(timer);
        return true;
      }
      this.vain.failed(error, { timerId: timer.id, appId: timer.appId, agentId: timer.agentId }, timer.id);
      return false;
    }
  }

  private command({ appId, agentId, kind, subject, due }: DueAgentTimer): Promise<AgentAnswer> {
    const errand = { appId, agentId, idempotency: null };
    switch (kind) {
      case 'agentGrace':
        return this.commands.run(errand, { type: 'graceOver', until: due });
      case 'afterWork':
        return this.commands.run(errand, { type: 'afterWorkOver', workItemId: subject as WorkItemId, until: due });
      case 'silence':
        return this.commands.silent(errand, subject);
    }
  }
}
