import type { QueueId } from '../../kernel/index.js';

/** Where sessions wait for an agent. Who is asked first is routing's business; deadlines are decided here. */
export interface Queue {
  readonly id: QueueId;
  readonly name: string;
  /** Agents of these teams serve it; none: every agent does. */
  readonly teams: readonly string[];
  /** An agent needs all of them. */
  readonly skills: readonly string[];
  /** Who is asked first; the next rule breaks the ties of the one before. */
  readonly order: readonly QueueOrder[];
  /** Instead of the channel's weight, in units of capacity. */
  readonly weight: number | null;
  /** How long an agent may think about an offer, in seconds; `null`: for ever. */
  readonly pushTimeoutSeconds: number | null;
  /** An offer is an acceptance: the agent is not asked. */
  readonly autoAccept: boolean;
  /** How long a session waits before it overflows, in seconds; `null`: for ever. */
  readonly waitSeconds: number | null;
  /** How many may wait; a further one overflows at once. `null`: any number. */
  readonly mostWaiting: number | null;
  /** Opening hours, checked by routing; outside of them sessions overflow. */
  readonly hours: QueueHours | null;
  readonly overflow: Overflow;
  /** Work that comes back to its agent is checked against the limit; by default it may exceed it (K-7). */
  readonly checkOnReturn: boolean;
  /** Agents may transfer sessions into it (T17). */
  readonly takesTransfers: boolean;
}

export type QueueOrder = 'mostAvailable' | 'leastActive' | 'skills' | 'lastAgent';

export interface QueueHours {
  /** IANA name, such as `Europe/Berlin`. */
  readonly timeZone: string;
  readonly open: readonly { readonly day: number; readonly from: string; readonly to: string }[];
}

/** Where a session goes that waited too long (T13). `none`: it goes on waiting, and the event says so. */
export type Overflow =
  | { readonly to: 'none' }
  | { readonly to: 'queue'; readonly queueId: QueueId }
  /** A switchboard integration by name: a bot that offers a way out. */
  | { readonly to: 'bot'; readonly name: string }
  | { readonly to: 'end' };
