import type { AgentId, ConversationId, Millis, QueueId, SessionId, WorkItemId, Role } from '../../kernel/index.js';

/**
 * A human who answers, as the locked row has it. Conversations decide about its work in their own transaction; what the
 * agent does alone (presence, closing a tab) is decided here. Either way the row is locked behind the conversation's.
 */
export interface Agent {
  readonly id: AgentId;
  readonly profile: AgentProfile;
  readonly presence: Presence;
  /** Work that is not closed, oldest first; at most 100 (`docs/rules.md` 3.1). */
  readonly work: readonly WorkItem[];
  /** Number of the agent's last event; its events have no order with those of conversations. */
  readonly seq: number;
}

export interface AgentProfile {
  readonly displayName: string;
  readonly role: Role;
  /** `false`: gone; gets no work and no token of it is accepted. */
  readonly active: boolean;
  readonly teams: readonly string[];
  readonly skills: readonly string[];
  readonly permissions: Permissions;
  readonly limits: Limits;
  /** Whether the agent's workspace shows the session panel (L-2); `null`: as the app's layout says. */
  readonly sessionPanel: boolean | null;
  /** Whether it hides Customer Inactive (I-5); `null`: as the app's layout says. */
  readonly hideCustomerInactive: boolean | null;
}

export interface Permissions {
  /** The chat licence (M-3). */
  readonly chat: boolean;
  readonly chatRep: boolean;
  readonly messagingAgent: boolean;
  /** Ends any session from a list (M-5). */
  readonly endAny: boolean;
}

/** Buckets as in `docs/rules.md` 3.6. */
export type Bucket = 'messaging' | 'email' | 'voice';

export interface Limits {
  readonly primary: number;
  /** `null`: interruptible work counts with the rest. */
  readonly interruptible: number | null;
  /** Limits by bucket, in work items; work of a bucket without a limit counts with the rest, as does all under `null`. */
  readonly buckets: Readonly<Partial<Record<Bucket, number>>> | null;
}

/** Only `online` is offered work. `busy` and `away` keep what they have; `offline` lets go of tab-based work (M-11). */
export type PresenceStatus = 'online' | 'busy' | 'away' | 'offline';

export interface Presence {
  readonly status: PresenceStatus;
  readonly loggedIn: boolean;
  readonly since: Millis;
  /** The connection is lost and the agent is offline unless it is back by then; `null`: connected, or offline already. */
  readonly graceUntil: Millis | null;
  /** Names the desk that is logged in; another one that logs in takes over (M-11, duplicate login). */
  readonly connection: string | null;
}

export type CapacityModel = 'tab_based' | 'status_based';

/** What a session asks of an agent; frozen when it is offered. */
export interface Load {
  readonly model: CapacityModel;
  readonly weight: number;
  /** Of the pool it counts in, 0 to 100; then `weight` is not looked at. */
  readonly percent: number | null;
  /** Counted while paused, status-based only. */
  readonly pausedWeight: number;
  readonly interruptible: boolean;
  readonly bucket: Bucket;
  /** Do idle and ended items of a bucket count? (`countInactive`, `docs/rules.md` 3.6) */
  readonly countInactive: boolean;
  /** After-conversation work in seconds and its extensions; `null`: none. */
  readonly afterWork: AfterWorkRule | null;
}

export interface AfterWorkRule {
  readonly seconds: number;
  readonly extensionSeconds: number;
  readonly mostExtensions: number;
}

export interface WorkItem {
  readonly id: WorkItemId;
  readonly sessionId: SessionId;
  readonly conversationId: ConversationId;
  readonly queueId: QueueId | null;
  readonly status: WorkStatus;
  readonly tabOpen: boolean;
  /** Routing assigned it at least once; work that was only ever assigned by hand never counts (K-2). */
  readonly automatic: boolean;
  readonly load: Load;
  /** No answer of the end user for ten minutes; only buckets look at it. */
  readonly idle: boolean;
  readonly offeredAt: Millis | null;
  readonly openedAt: Millis | null;
  readonly afterWork: { readonly until: Millis; readonly extensions: number } | null;
  readonly ticket: Ticket | null;
}

/**
 * `offered` reserves; `open` and `paused` belong to a live session; `over`: the session ended or went elsewhere, the tab
 * may be open still (L-4, K-12); `afterWork` holds capacity until done (K-10). Closed items leave the list.
 */
export type WorkStatus = 'offered' | 'open' | 'paused' | 'afterWork' | 'over';

export interface Ticket {
  readonly id: string;
  readonly status: 'new' | 'open' | 'pending' | 'hold' | 'solved' | 'closed';
}

/** What happened to work in a conversation; never refused, for the conversation asked `canTake` under the lock. */
export type WorkChange =
  /**
   * `offered` reserves; `assigned`: by hand, opened at once; `answered`: the customer answered what the agent began
   * (T2), which counts though nobody routed it (K-9).
   */
  | {
      readonly type: 'offered' | 'assigned' | 'answered';
      readonly workItemId: WorkItemId;
      readonly sessionId: SessionId;
      readonly conversationId: ConversationId;
      readonly queueId: QueueId | null;
      readonly load: Load;
      /** Assigned by hand, but routing assigned this session to somebody before: then it counts (K-2). */
      readonly routed?: boolean;
    }
  | {
      readonly type: 'withdrawn';
      readonly workItemId: WorkItemId;
      readonly why: 'declined' | 'timed_out' | 'unavailable' | 'canceled';
    }
  | { readonly type: 'opened'; readonly workItemId: WorkItemId }
  | { readonly type: 'paused' | 'unpaused'; readonly workItemId: WorkItemId }
  /** The end user has been silent for ten minutes, or is back; buckets look at it (`docs/rules.md` 3.6). */
  | { readonly type: 'idled' | 'revived'; readonly workItemId: WorkItemId }
  /** What an external ticket system says of the session's ticket. */
  | { readonly type: 'ticketed'; readonly workItemId: WorkItemId; readonly ticket: Ticket }
  /** The agent writes to somebody first: work after a conversation is over (`docs/rules.md` 2.4). */
  | { readonly type: 'startedOutbound' }
  /**
   * The session left this agent: inactive under tab-based (`docs/rules.md` D4), the agent went offline, or the desk
   * handed it back.
   */
  | { readonly type: 'left'; readonly workItemId: WorkItemId; readonly why: 'inactive' | 'offline' | 'returned' }
  /** Handed on: under tab-based the sender's tab counts until it is closed (K-12). */
  | { readonly type: 'transferred'; readonly workItemId: WorkItemId }
  | {
      readonly type: 'ended';
      readonly workItemId: WorkItemId;
      /** Confirmed logout closes all (K-5). */
      readonly closeTab: boolean;
      /** `email`: from now on it counts in the e-mail bucket. */
      readonly treatAs: 'messaging' | 'email';
    };
