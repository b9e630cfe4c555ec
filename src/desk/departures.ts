import { Injectable } from '@nestjs/common';
import { AgentsService, AgentTimersStore, type DueDeparture } from '../agents/index.js';
import { ConversationCommands, type Errand } from '../conversation/index.js';
import { Failure, type AgentId } from '../kernel/index.js';
import { inApps } from '../platform/postgres/index.js';
import { Troubles } from '../platform/telemetry/index.js';

const BATCH = 256;

/**
 * Tells conversations that their agent is gone, one command each. The intent is a row of the transaction that put the
 * agent offline, and goes when its conversation has heard: a process that dies in between is gone on from by the next
 * sweep, and what was told twice changes nothing the second time.
 */
@Injectable()
export class Departures {
  private readonly troubles = new Troubles(Departures.name, {
    fails: 'a conversation could not be told that its agent is gone; it is tried again',
  });

  constructor(
    private readonly timers: AgentTimersStore,
    private readonly agents: AgentsService,
    private readonly commands: ConversationCommands,
  ) {}

  /** All there are. Answers whether every one was told. */
  async sweep(): Promise<boolean> {
    for (;;) {
      const departures = await this.timers.departures(BATCH);
      const told = await Promise.all(departures.map((departure) => this.tell(departure)));
      if (told.includes(false)) return false;
      if (departures.length < BATCH) return true;
    }
  }

  /** Those of one agent; what cannot be told now is left to the sweep. */
  async of(agentId: AgentId): Promise<void> {
    const departures = await this.timers.departuresOf(agentId);
    await Promise.all(departures.map((departure) => this.tell(departure)));
  }

  private async tell(departure: DueDeparture): Promise<boolean> {
    try {
      if (await this.isMeant(departure)) await this.run(departure);
    } catch (error) {
      if (!isGone(error)) {
        const { id, appId, agentId, conversationId } = departure;
        this.troubles.failed(error, { appId, agentId, conversationId }, id);
        return false;
      }
    }
    this.troubles.over({}, departure.id);
    await this.timers.departed(departure.id);
    return true;
  }

  /** The agent may have been asked anew since: what is meant is this piece of work, while it is theirs. */
  private async isMeant({ appId, agentId, workItemId }: DueDeparture): Promise<boolean> {
    const { agent } = await inApps([appId], () => this.agents.find(appId, agentId));
    return agent.work.some(({ id, status }) => id === workItemId && (status === 'offered' || status === 'open'));
  }

  private async run({ appId, agentId, workItemId, sessionId, conversationId, what }: DueDeparture): Promise<void> {
    const errand: Errand = { appId, conversationId, by: { type: 'system' }, idempotency: null };
    const gone = { type: 'detachAgent', agentId, workItemId, why: 'agent_offline' } as const;
    if (what === 'end') await this.commands.end(errand, sessionId, { via: 'logout', reason: 'agent_logout' });
    else await this.commands.runIn(errand, sessionId, gone);
  }
}

const GONE: readonly string[] = ['conversation_not_found', 'app_not_found', 'agent_not_found'];

const isGone = (error: unknown): boolean => error instanceof Failure && GONE.includes(error.code);
