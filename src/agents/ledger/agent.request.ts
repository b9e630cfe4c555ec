import type { AgentId, AppId, Millis, WorkItemId } from '../../kernel/index.js';
import type { Decided, IdempotencyKey, Queued } from '../../ledger/index.js';
import type { ChangedAgent, ChangesAgents } from '../changed.js';
import type { Agent, AgentCommand, AgentRefusal, Departure } from '../core/index.js';

/** A command of an agent alone, on its way through the ledger of agents. */
export interface AgentRequest extends Queued {
  /** The agent's id: the ledger keeps order by it. */
  readonly conversationId: AgentId;
  readonly command: GivenCommand;
  /** What is written on a work item beside the decision. */
  readonly notes: NotesChange | null;
  readonly idempotency: IdempotencyKey | null;
  /** A `silence` timer gave it: it holds only if nobody was heard since. */
  readonly onSilence: boolean;
}

/** What the configuration says is filled in under the lock. */
export type GivenCommand =
  | Exclude<AgentCommand, { type: 'logout' | 'loseConnection' }>
  | { readonly type: 'logout'; readonly confirmed: boolean }
  | { readonly type: 'loseConnection'; readonly connection: string };

export interface NotesChange {
  readonly workItemId: WorkItemId;
  /** `null`: what was written before, unsaved. */
  readonly text: string | null;
  /** Kept as unsaved. */
  readonly draft: boolean;
}

/** Plain JSON. */
export interface AgentAnswer {
  readonly refusal: AgentRefusal | null;
  readonly agent: Agent;
  readonly departures: readonly Departure[];
  /** By the clock of the database. */
  readonly at: Millis;
}

/** A decided command of an agent, with all that row writers render from. */
export interface AgentEntry extends Decided, ChangesAgents {
  readonly appId: AppId;
  readonly agentId: AgentId;
  readonly agents: readonly ChangedAgent[];
  readonly departures: readonly Departure[];
  readonly notes: NotesChange | null;
  readonly answer: AgentAnswer;
}
