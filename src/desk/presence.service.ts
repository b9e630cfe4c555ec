import { Injectable } from '@nestjs/common';
import {
  AgentCommands,
  AgentsService,
  AgentTimersStore,
  type AgentAnswer,
  type AgentErrand,
  type PresenceStatus,
} from '../agents/index.js';
import { SILENCE_SECONDS } from './connection.js';
import { Departures } from './departures.js';
import { permitted } from './refusals.js';

/** Coming, being there and going. Whoever goes is gone from their conversations when the answer is out. */
@Injectable()
export class PresenceService {
  constructor(
    private readonly commands: AgentCommands,
    private readonly agents: AgentsService,
    private readonly timers: AgentTimersStore,
    private readonly departures: Departures,
  ) {}

  async login(
    errand: AgentErrand,
    connection: string,
    status: Exclude<PresenceStatus, 'offline'>,
  ): Promise<AgentAnswer> {
    return this.told(errand, permitted(await this.commands.run(errand, { type: 'login', connection, status })));
  }

  async logout(errand: AgentErrand, confirmed: boolean): Promise<AgentAnswer> {
    return this.told(errand, permitted(await this.commands.run(errand, { type: 'logout', confirmed })));
  }

  async setStatus(
    errand: AgentErrand,
    status: PresenceStatus,
    cause: 'chosen' | 'supervisor' | 'maintenance',
  ): Promise<AgentAnswer> {
    return this.told(errand, permitted(await this.commands.run(errand, { type: 'setStatus', status, cause })));
  }

  /**
   * The desk is there. The first heartbeat of a login asks for more: without one in time the connection is lost. A desk
   * that never sends any is never lost by silence.
   */
  async heard(errand: AgentErrand, connection: string): Promise<AgentAnswer['agent']> {
    const { appId, agentId } = errand;
    const { agent } = await this.agents.find(appId, agentId);
    const { connection: known, graceUntil, loggedIn } = agent.presence;
    const usual = loggedIn && known === connection && graceUntil === null;
    const after = usual
      ? agent
      : permitted(await this.commands.run(errand, { type: 'regainConnection', connection })).agent;
    await this.timers.heard(appId, agentId, connection, SILENCE_SECONDS);
    return after;
  }

  /** The desk, or who watches its socket, says that the connection is lost. */
  async lost(errand: AgentErrand, connection: string): Promise<AgentAnswer['agent']> {
    const command = { type: 'loseConnection', connection } as const;
    return permitted(await this.commands.run(errand, command)).agent;
  }

  private async told(errand: AgentErrand, answer: AgentAnswer): Promise<AgentAnswer> {
    if (answer.departures.length === 0) return answer;
    await this.departures.of(errand.agentId);
    const { agent } = await this.agents.find(errand.appId, errand.agentId);
    return { ...answer, agent };
  }
}
