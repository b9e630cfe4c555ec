import type { Decided, Queued } from './book.js';

/**
 * Runs commands. `submit` answers once the command's transaction is committed.
 *
 * Rejects with a `Failure`: `too_many_requests` (the caller has 32 commands waiting in this conversation), `unavailable`
 * (the app has more than its share waiting, the queue is full, or PostgreSQL cannot be reached; nothing happened), `outcome_unknown` (the link died after COMMIT
 * was sent and PostgreSQL does not know), `idempotency_key_in_flight`, `idempotency_key_reused`.
 */
export abstract class Ledger<Command extends Queued, Entry extends Decided> {
  abstract submit(command: Command): Promise<Entry['answer']>;
  /** Stops taking commands and waits for those that were taken. */
  abstract drain(deadlineMs: number): Promise<void>;
}
