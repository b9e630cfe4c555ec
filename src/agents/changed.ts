import type { AppId, EventId, Millis } from '../kernel/index.js';
import type { Agent, AgentEvent } from './core/index.js';

/** One step in an agent's life, decided under its lock: by the agent alone, or as part of a conversation's decision. */
export interface ChangedAgent {
  readonly before: Agent;
  readonly after: Agent;
  readonly events: readonly AgentEvent[];
  /** The conversation's event that caused it; `null`: the agent alone. */
  readonly causedBy: EventId | null;
}

/** What row writers of agents need of an entry, whichever ledger it is of. */
export interface ChangesAgents {
  readonly appId: AppId;
  /** In the order decided; one agent may be there more than once. */
  readonly agents: readonly ChangedAgent[];
  /** When it was decided, by the clock of the database. */
  readonly world: { readonly now: Millis };
}

/** An agent over all entries of a group: as the rows have it, and as they are to have it. */
export interface Turned {
  readonly appId: AppId;
  readonly before: Agent;
  readonly after: Agent;
}

/**
 * Agents that a group changed, each once and in id order: several conversations of a group may concern one agent, and
 * a row must not be written twice by one statement.
 */
export function turned(entries: readonly ChangesAgents[]): readonly Turned[] {
  const found = new Map<string, Turned>();
  for (const { appId, agents } of entries) {
    for (const { before, after } of agents) {
      if (before === after) continue;
      found.set(after.id, { appId, before: found.get(after.id)?.before ?? before, after });
    }
  }
  return [...found.values()].sort((a, b) => (a.after.id < b.after.id ? -1 : 1));
}
