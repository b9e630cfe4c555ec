import { Injectable } from '@nestjs/common';
import { ConfigurationStore, type AppConfiguration } from '../../configuration/index.js';
import { Failure, type AgentId, type AppId, type Millis } from '../../kernel/index.js';
import type { Book, Row, Statement } from '../../ledger/index.js';
import { decideAgent, type Agent, type AgentCommand } from '../core/index.js';
import { agentOf, lockAgents, readHeard } from '../locks.store.js';
import type { AgentEntry, AgentRequest } from './agent.request.js';

export interface LoadedAgents {
  readonly configurations: ReadonlyMap<AppId, AppConfiguration>;
  readonly agents: ReadonlyMap<AgentId, { readonly appId: AppId; readonly agent: Agent }>;
  /** Until when a silent connection counts as heard of. */
  readonly heardUntil: ReadonlyMap<AgentId, Millis>;
}

/** The book of what agents do alone: app configuration and agent, the first and the last lock class. */
@Injectable()
export class AgentBook implements Book<AgentRequest, LoadedAgents, AgentEntry> {
  constructor(private readonly configurations: ConfigurationStore) {}

  locks(requests: readonly AgentRequest[]): readonly Statement[] {
    const apps = [...new Set(requests.map(({ appId }) => appId))];
    const agents = requests.map(({ conversationId }) => conversationId);
    return [this.configurations.locks(apps), lockAgents(apps, agents)];
  }

  reads(requests: readonly AgentRequest[]): readonly Statement[] {
    const silent = requests.filter(({ onSilence }) => onSilence).map(({ conversationId }) => conversationId);
    return silent.length === 0 ? [] : [readHeard(silent)];
  }

  async load(
    _requests: readonly AgentRequest[],
    [apps = [], agents = []]: readonly (readonly Row[])[],
    [heard = []]: readonly (readonly Row[])[],
    query: (statement: Statement) => Promise<readonly Row[]>,
  ): Promise<LoadedAgents> {
    const configurations = new Map<AppId, AppConfiguration>();
    for (const row of apps) {
      const appId = row['id'] as AppId;
      configurations.set(appId, await this.configurations.snapshot(appId, row['config_version'] as number, query));
    }
    return {
      configurations,
      agents: new Map(
        agents.map((row) => [row['id'] as AgentId, { appId: row['app_id'] as AppId, agent: agentOf(row) }]),
      ),
      heardUntil: new Map(heard.map((row) => [row['agent_id'] as AgentId, (row['due_at'] as Date).getTime()])),
    };
  }

  decide(request: AgentRequest, loaded: LoadedAgents, now: Millis): AgentEntry {
    const { appId, conversationId: agentId, notes, onSilence } = request;
    const configuration = loaded.configurations.get(appId);
    if (!configuration) throw new Failure('app_not_found', 'App not found');
    const held = loaded.agents.get(agentId);
    if (held?.appId !== appId) throw new Failure('agent_not_found', 'Agent not found');
    const before = held.agent;
    const heard = onSilence && (loaded.heardUntil.get(agentId) ?? 0) > now;
    const { agent, events, refusal, departures } = heard
      ? { agent: before, events: [], refusal: null, departures: [] }
      : decideAgent(before, completed(request, configuration), now);
    return {
      appId,
      agentId,
      agents: agent === before ? [] : [{ before, after: agent, events, causedBy: null }],
      departures,
      notes: refusal === null ? notes : null,
      world: { now },
      answer: { refusal, agent, departures, at: now },
    };
  }
}

function completed({ command }: AgentRequest, { settings }: AppConfiguration): AgentCommand {
  switch (command.type) {
    case 'logout':
      return { ...command, endsSessions: settings.logoutEndsSessions };
    case 'loseConnection':
      return { ...command, graceSeconds: settings.agentDisconnectGraceSeconds };
    default:
      return command;
  }
}
