import type { Millis } from '../../kernel/index.js';
import type { Agent } from './agent.js';

/** A deadline an agent runs into, named by what it waits for. */
export interface AgentWait {
  readonly kind: 'agentGrace' | 'afterWork';
  /** The work item; of grace, nothing. */
  readonly subject: string;
  readonly due: Millis;
}

export function agentWaits({ presence, work }: Agent): readonly AgentWait[] {
  const waits: AgentWait[] = [];
  if (presence.graceUntil !== null) waits.push({ kind: 'agentGrace', subject: '', due: presence.graceUntil });
  for (const { id, afterWork } of work) {
    if (afterWork !== null) waits.push({ kind: 'afterWork', subject: id, due: afterWork.until });
  }
  return waits;
}
