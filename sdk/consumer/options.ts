import type { ConnectionSource } from './connection.js';
import type { Once } from './once.js';
import type { EventMatching, EventPattern } from './pattern.js';

export interface ConsumerOptions<P extends EventPattern, Tx> {
  /** The durable consumer: processes with the same name share the work, and it survives restarts. `A-Za-z0-9_-`. */
  readonly name: string;
  readonly events: P;
  /** Only of this app; all apps otherwise. */
  readonly appId?: string;
  readonly connection: ConnectionSource;
  readonly once: Once<Tx>;
  /**
   * The effect. Within a conversation events come one after another, in the order of the stream; a retried or repeated
   * one may come later: compare `data.seq` where order matters. A rejection is a failed attempt, and so is not settling
   * within `effectLimitMs`; then `signal` is aborted.
   */
  readonly handle: (event: EventMatching<P>, tx: Tx, signal: AbortSignal) => Promise<void>;
  /**
   * The effects of many events in one transaction, for consumers that hear thousands a second; needs `once.runAll`.
   * Events come in the order of the stream. `handle` is still needed: a batch that fails is tried one by one.
   */
  readonly handleAll?: (events: readonly EventMatching<P>[], tx: Tx, signal: AbortSignal) => Promise<void>;
  /** With `handleAll`: how long an event may wait for others to go with it. Default 0. */
  readonly gatherMs?: number;
  /** At how many events at once to work. Default 8. */
  readonly concurrency?: number;
  /** Waits before the second, third ... attempt; the last one repeats. Default 0.5 s to 60 s. */
  readonly retryDelaysMs?: readonly number[];
  /** Failed attempts, as this process counts them, after which an event is given up as poison. Default 10. */
  readonly maxAttempts?: number;
  /** Is this failure nobody's fault (a database that is away)? Such attempts are repeated for ever. Default: never. */
  readonly isOutage?: (error: unknown) => boolean;
  /** An event was given up: it will not come again. Default: one line on standard error. */
  readonly onPoison?: (report: PoisonReport) => void;
  /** NATS, the stream or the consumer cannot be reached, or an attempt at `event` failed; it goes on by itself. */
  readonly onTrouble?: (error: unknown, event: FailedAttempt | null) => void;
  /** Default `SWITCHBOARD`. */
  readonly stream?: string;
  /** After this long without a sign NATS delivers again; work that takes longer sends signs. Default 30 s. */
  readonly ackWaitMs?: number;
  /**
   * How long an effect may take. One that has not settled by then is not waited for: its event is given back, so that
   * another process may try, and comes to this one again only when it has settled. What it comes to later is not
   * acknowledged; where it was kept with the id, the event is then known. Default ten times `ackWaitMs`.
   */
  readonly effectLimitMs?: number;
}

/** An attempt at one event that failed and comes again, or was the last. */
export interface FailedAttempt {
  readonly eventId: string;
  readonly subject: string;
  readonly streamSeq: number;
}

export interface PoisonReport {
  readonly consumer: string;
  readonly subject: string;
  /** `null`: the message is no event of ours. */
  readonly eventId: string | null;
  readonly streamSeq: number;
  readonly attempts: number;
  readonly error: unknown;
}

export interface ConsumerProgress {
  readonly state: 'waiting' | 'running' | 'stopped';
  /** Effects that happened. */
  readonly handled: number;
  /** Events that had been handled before. */
  readonly repeated: number;
  readonly retried: number;
  readonly poisoned: number;
  /** Times the stream was found to be another one, and was read from its beginning. */
  readonly restarted: number;
  /** Events of the stream that wait for this consumer, when last told; `null`: not known yet. */
  readonly pending: number | null;
  /** Since when the oldest effect runs that has not settled, waited for or not; `null`: none does. */
  readonly oldestEffectSince: Date | null;
}
