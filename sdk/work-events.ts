import type { Announced, Load } from './announced.js';

/** An agent is asked; the capacity it takes is reserved until they answer. */
export interface WorkItemOffered extends Announced {
  readonly workItemId: string;
  readonly sessionId: string;
  readonly agentId: string;
  readonly queueId: string | null;
  /** @format date-time */
  readonly expiresAt: string | null;
  /** To a colleague of the owner, who stays until it is accepted. */
  readonly transfer: boolean;
  readonly load: Load;
}
export interface WorkItemDeclined extends Announced {
  readonly workItemId: string;
  readonly sessionId: string;
  readonly agentId: string;
  readonly why: 'declined' | 'timed_out' | 'unavailable' | 'canceled';
}
export interface WorkItemOpened extends Announced {
  readonly workItemId: string;
  readonly sessionId: string;
  readonly agentId: string;
  readonly queueId: string | null;
  /** `assigned`: by hand; `answered`: the customer answered the agent who began. */
  readonly how: 'accepted' | 'assigned' | 'answered';
  readonly load: Load;
}
export interface WorkItemTransferred extends Announced {
  readonly workItemId: string;
  readonly sessionId: string;
  readonly agentId: string;
}
/** The customer has been silent for ten minutes, or is back: the agent's bucket counts it otherwise from now on. */
export interface WorkItemIdled extends Announced {
  readonly workItemId: string;
  readonly sessionId: string;
  readonly agentId: string;
  readonly idle: boolean;
}
/** What an external ticket system says of the session's ticket. */
export interface TicketChanged extends Announced {
  readonly sessionId: string;
  readonly ticketId: string;
  readonly status: 'new' | 'open' | 'pending' | 'hold' | 'solved' | 'closed';
}
