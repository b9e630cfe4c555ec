import { capacityOf, changeWork, decideAgent } from '../../../agents/core/index.js';
import type { Agent, AgentCommand, AgentOutcome } from '../../../agents/core/index.js';
import type { AgentId, ConversationId, WorkItemId } from '../../../kernel/index.js';
import { evolve, treatedAs, workChanges } from '../index.js';
import { humansFirst, mia, system, type Setting } from './floor.spec-kit.js';
import { Told, asks, ends, goesOffline, takes, writes, type Step } from './told.spec-kit.js';

/** Several conversations of one app and the agents they share; capacity is what their work adds up to. */
export class Shift {
  private readonly told = new Map<string, Told>();
  private readonly agents: Map<AgentId, Agent>;
  private now: number;

  constructor(private readonly setting: Setting = {}) {
    const { world } = Told.of(setting);
    this.agents = new Map(world.agents);
    this.now = world.now;
  }

  later(seconds: number): void {
    this.now += seconds * 1000;
  }

  /** The conversation with this name as it stands, with the agents as they are by now. */
  of(name: string): Told {
    const told = this.told.get(name) ?? Told.of({ switchboard: humansFirst, ...this.setting });
    return told.in({ agents: [...this.agents.values()] }, this.now);
  }

  agent(agentId: AgentId): Agent {
    const found = this.agents.get(agentId);
    if (!found) throw new Error('no such agent');
    return found;
  }

  /** `used/limit` of an agent's primary pool, as the worked examples write it. */
  used(agentId: AgentId = mia): string {
    const { used, limit } = capacityOf(this.agent(agentId)).primary;
    return `${used}/${limit}`;
  }

  /** Could this agent be asked about this session now? */
  fits(name: string, agentId: AgentId = mia): boolean {
    return this.of(name).when(asks(agentId)).refusal === null;
  }

  /** Commands of one conversation, which all go well, and what they do to agents' work. */
  do(name: string, ...steps: readonly Step[]): Told {
    for (const step of steps) {
      const before = this.of(name);
      const next = before.given(step);
      this.fold(name, before, next);
      this.told.set(name, next);
    }
    return this.of(name);
  }

  /** New sessions that this agent takes. */
  takes(agentId: AgentId, ...names: readonly string[]): void {
    for (const name of names) this.do(name, writes(), ...takes(agentId));
  }

  /** What an agent does alone, and what follows from it in their conversations. */
  alone(agentId: AgentId, command: AgentCommand): AgentOutcome {
    const outcome = decideAgent(this.agent(agentId), command, this.now);
    this.agents.set(agentId, outcome.agent);
    for (const { conversationId, what } of outcome.departures) {
      const end = ends(system, { via: 'logout', reason: 'agent_logout' });
      this.do(conversationId, what === 'end' ? end : goesOffline(agentId));
    }
    return outcome;
  }

  closesTab(agentId: AgentId, name: string): AgentOutcome {
    const item = this.agent(agentId).work.find(({ conversationId }) => conversationId === name);
    return this.alone(agentId, { type: 'closeWorkItem', workItemId: item?.id ?? ('none' as WorkItemId) });
  }

  /** As the shell does it under the agents' locks. */
  private fold(name: string, before: Told, { decision, world }: Told): void {
    const treatAs = treatedAs(decision.events, world);
    let { state } = before;
    for (const event of decision.events) {
      for (const { agentId, change } of workChanges(state, event, name as ConversationId, treatAs)) {
        this.agents.set(agentId, changeWork(this.agent(agentId), change, this.now).agent);
      }
      state = evolve(state, event, world.now);
    }
  }
}
