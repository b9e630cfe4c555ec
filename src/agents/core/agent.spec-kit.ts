import type { AgentId, ConversationId, SessionId, WorkItemId } from '../../kernel/index.js';
import type { Agent, AgentProfile, Limits, Load, WorkChange } from './agent.js';
import { capacityOf, type Capacity } from './capacity.js';
import { initialAgent, type AgentCommand, type AgentOutcome } from './commands.js';
import { decideAgent } from './decide.js';
import type { AgentEvent } from './events.js';
import { changeWork } from './work.js';

/** 10:00:00 of some day. */
export const TEN = 1_772_359_200_000;

export const profile = (limits: Partial<Limits> = {}): AgentProfile => ({
  displayName: 'Ada',
  role: 'agent',
  active: true,
  teams: [],
  skills: [],
  permissions: { chat: true, chatRep: true, messagingAgent: true, endAny: false },
  limits: { primary: 4, interruptible: null, buckets: null, ...limits },
  sessionPanel: null,
  hideCustomerInactive: null,
});

export const load = (part: Partial<Load> = {}): Load => ({
  model: 'tab_based',
  weight: 2,
  percent: null,
  pausedWeight: 0,
  interruptible: false,
  bucket: 'messaging',
  countInactive: false,
  afterWork: null,
  ...part,
});

export const wid = (name: string): WorkItemId => name as WorkItemId;

/** An agent that lives through a test, at a clock the test sets. */
export class Desk {
  agent: Agent;
  now = TEN;
  events: AgentEvent[] = [];

  constructor(limits: Partial<Limits> = {}) {
    this.agent = initialAgent('agent' as AgentId, profile(limits), TEN);
    this.do({ type: 'login', connection: 'desk', status: 'online' });
  }

  get capacity(): Capacity {
    return capacityOf(this.agent);
  }

  /** `used/limit` of the primary pool, as the worked examples write it. */
  get primary(): string {
    const { used, limit } = this.capacity.primary;
    return `${used}/${limit}`;
  }

  do(command: AgentCommand): AgentOutcome {
    const outcome = decideAgent(this.agent, command, this.now);
    this.agent = outcome.agent;
    this.events.push(...outcome.events);
    return outcome;
  }

  work(change: WorkChange): readonly AgentEvent[] {
    const { agent, events } = changeWork(this.agent, change, this.now);
    this.agent = agent;
    this.events.push(...events);
    return events;
  }

  offer(name: string, of: Partial<Load> = {}): void {
    this.work({ type: 'offered', ...names(name), load: load(of) });
  }

  accept(name: string, of: Partial<Load> = {}): void {
    this.offer(name, of);
    this.work({ type: 'opened', workItemId: wid(name) });
  }

  assign(name: string, of: Partial<Load> = {}, routed = false): void {
    this.work({ type: 'assigned', ...names(name), load: load(of), routed });
  }

  end(name: string, treatAs: 'messaging' | 'email' = 'messaging'): void {
    this.work({ type: 'ended', workItemId: wid(name), closeTab: false, treatAs });
  }

  close(name: string): AgentOutcome {
    return this.do({ type: 'closeWorkItem', workItemId: wid(name) });
  }
}

export const names = (name: string) => ({
  workItemId: wid(name),
  sessionId: `session of ${name}` as SessionId,
  conversationId: `conversation of ${name}` as ConversationId,
  queueId: null,
});
