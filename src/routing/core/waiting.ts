import type { Load } from '../../agents/core/index.js';
import type { AgentId, ConversationId, Millis, QueueId, SessionId } from '../../kernel/index.js';

/** A session that waits for an agent, as the dispatcher sees it. */
export interface WaitingWork {
  readonly sessionId: SessionId;
  readonly conversationId: ConversationId;
  readonly queueId: QueueId | null;
  readonly priority: number;
  readonly requestedAt: Millis;
  readonly skills: readonly string[];
  /** Asked before everybody else, where they serve the queue. */
  readonly preferred: AgentId | null;
  readonly lastAgent: AgentId | null;
  /** Who said no in this round. */
  readonly tried: readonly AgentId[];
  readonly load: Load;
}

/** Who is served first: the higher priority, then who asked for a human first. */
export const byTurn = (one: WaitingWork, other: WaitingWork): number =>
  other.priority - one.priority || one.requestedAt - other.requestedAt || (one.sessionId < other.sessionId ? -1 : 1);
