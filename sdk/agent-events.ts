/**
 * What happens to an agent. Its events are numbered by the agent, `agentSeq`, and have no order among those of
 * conversations; which conversation's event caused one is named where there is one.
 */
export interface AgentAnnounced {
  /** Rises only when a field changes its meaning; new fields do not raise it. */
  readonly schemaVersion: 1;
  readonly appId: string;
  readonly agentId: string;
  /** Place among the events of this agent: 1, 2, 3 ... without gaps. @minimum 1 */
  readonly agentSeq: number;
  /** The id of the conversation's event that caused it; `null`: the agent alone, or a timer of theirs. */
  readonly causationId: string | null;
}

/** Of one pool: weight, or work items in a bucket. `used` may exceed `limit`. */
export interface CapacityPool {
  readonly used: number;
  readonly limit: number;
}

export interface CapacityChanged extends AgentAnnounced {
  readonly capacity: {
    readonly primary: CapacityPool;
    /** `null`: interruptible work counts with the rest. */
    readonly interruptible: CapacityPool | null;
    /** `null`: one pool for all channels. */
    readonly buckets: {
      readonly messaging?: CapacityPool;
      readonly email?: CapacityPool;
      readonly voice?: CapacityPool;
    } | null;
  };
  /** What changed it; more may come. */
  readonly cause: CapacityCause;
}

export type CapacityCause =
  | 'offered'
  | 'assigned'
  | 'answered'
  | 'withdrawn'
  | 'opened'
  | 'paused'
  | 'unpaused'
  | 'idled'
  | 'revived'
  | 'ticketed'
  | 'left'
  | 'transferred'
  | 'ended'
  | 'startedOutbound'
  | 'tab_closed'
  | 'after_work'
  | 'profile'
  | 'presence';

interface OfWork extends AgentAnnounced {
  readonly workItemId: string;
  readonly sessionId: string;
  readonly conversationId: string;
}

/** The session rests; the agent keeps it (status-based capacity). */
export interface WorkItemPaused extends OfWork {}
/** The customer is back; the item counts again, above the limit if need be. */
export interface WorkItemUnpaused extends OfWork {}
/** The item left the agent's list: nothing is left to do on it and it counts no longer. */
export interface WorkItemClosed extends OfWork {
  readonly why:
    | 'declined'
    | 'timed_out'
    | 'unavailable'
    | 'canceled'
    | 'inactive'
    | 'offline'
    | 'returned'
    | 'transferred'
    | 'ended'
    | 'tab_closed'
    | 'after_work_over'
    | 'logout'
    | 'ticket_solved';
}
/** The session is over for the agent; capacity is held until they are done, at the latest until then. */
export interface AfterWorkStarted extends OfWork {
  /** @format date-time */
  readonly until: string;
}
/** More time was asked for, or a logout left only a minute. */
export interface AfterWorkMoved extends OfWork {
  /** @format date-time */
  readonly until: string;
  /** How often it was extended. @minimum 0 */
  readonly extensions: number;
}

export interface AgentPresenceChanged extends AgentAnnounced {
  readonly status: 'online' | 'busy' | 'away' | 'offline';
  readonly loggedIn: boolean;
  /** The connection is lost: offline unless it is back by then. */
  readonly graceUntil: string | null;
  readonly cause:
    | 'login'
    | 'chosen'
    | 'supervisor'
    | 'maintenance'
    | 'deactivated'
    | 'duplicate_login'
    | 'logout'
    | 'connection_lost'
    | 'connection_back'
    | 'grace_over';
}
