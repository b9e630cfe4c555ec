import { changeWork, type Agent } from '../../agents/core/index.js';
import type { AgentId, Millis, SessionId, WorkItemId } from '../../kernel/index.js';
import type { WaitingWork } from '../core/waiting.js';

/**
 * The agents as one pass of the dispatcher sees them: read once, then with what it offered itself, so that it does not
 * ask one agent for everything. Only a guess: what holds is decided under the lock.
 */
export class Floor {
  readonly #agents: Map<AgentId, Agent>;
  readonly #now: Millis;

  constructor(agents: readonly Agent[], now: Millis) {
    this.#agents = new Map(agents.map((agent) => [agent.id, agent]));
    this.#now = now;
  }

  get agents(): readonly Agent[] {
    return [...this.#agents.values()];
  }

  reserve(agentId: AgentId, work: WaitingWork): void {
    const agent = this.#agents.get(agentId);
    if (!agent) return;
    const { sessionId, conversationId, queueId, load } = work;
    const workItemId = reservationOf(sessionId);
    const offered = { type: 'offered', workItemId, sessionId, conversationId, queueId, load } as const;
    this.#agents.set(agentId, changeWork(agent, offered, this.#now).agent);
  }

  /** It was not offered after all. */
  release(agentId: AgentId, { sessionId }: WaitingWork): void {
    const agent = this.#agents.get(agentId);
    if (!agent) return;
    const withdrawn = { type: 'withdrawn', workItemId: reservationOf(sessionId), why: 'canceled' } as const;
    this.#agents.set(agentId, changeWork(agent, withdrawn, this.#now).agent);
  }

  /** Another process was faster, or the agent is gone: this pass does not ask them again. */
  forget(agentId: AgentId): void {
    this.#agents.delete(agentId);
  }
}

/** One session is offered to one agent at a time, so its id names the reservation. */
const reservationOf = (sessionId: SessionId): WorkItemId => sessionId as string as WorkItemId;
