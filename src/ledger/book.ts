import type { AppId, Millis } from '../kernel/index.js';

/**
 * The words between the engine and the features.
 *
 * The engine gathers waiting commands into a group, opens one transaction, sends every lock and read in one trip,
 * lets the book decide each command in memory, sends one multi-row statement per row writer and commits once. It knows
 * no conversation: a feature gives it a `Book` and further features give it `RowWriter`s (registered in `app.module`).
 */

/** A named, prepared statement. `values` are arrays, one per column, for the multi-row ones. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

export type Row = Readonly<Record<string, unknown>>;

/** What the engine must know of a command to queue it. */
export interface Queued {
  /** Decides order: commands of one conversation run one after another, first in first out, never two in a group. */
  readonly conversationId: string;
  /** Decides fairness: groups are filled round-robin over apps. */
  readonly appId: AppId;
  /** About how many bytes it will write; a group carries at most 256 kB. */
  readonly bytes: number;
  readonly idempotency: IdempotencyKey | null;
}

/** Names one request of one principal. Same key and body: same answer, one effect (I8). */
export interface IdempotencyKey {
  /** SHA-256 of principal, method, path and the `Idempotency-Key` header. */
  readonly key: Buffer;
  /** SHA-256 of the body: another body under the same key is refused (422). */
  readonly fingerprint: Buffer;
}

/** What a decided command leaves: an answer that is plain JSON (it may be stored and replayed) and what writers need. */
export interface Decided {
  readonly answer: unknown;
}

/** A feature's part of the transaction. */
export interface Book<Command extends Queued, Loaded, Entry extends Decided> {
  /**
   * Locking statements in the order of the lock classes (app configuration, user, conversation, agent), each ordering
   * its rows by id. Sent in one trip, before anything is read.
   *
   * Each returns `id`, takes the ids as values and ends with its locking clause (`FOR UPDATE`, `FOR SHARE`): so the
   * engine can ask, when one was waited for too long, which rows are held, and go on without them (`stalled.ts`).
   */
  locks(commands: readonly Command[]): readonly Statement[];
  /** Statements that read beside the locked rows; sent behind the locks, so they see what the locks waited for. */
  reads(commands: readonly Command[]): readonly Statement[];
  /** Makes sense of the rows, one list per statement in the order given. `query` is for what is rarely needed, such as a configuration that proved stale. */
  load(
    commands: readonly Command[],
    locked: readonly (readonly Row[])[],
    read: readonly (readonly Row[])[],
    query: (statement: Statement) => Promise<readonly Row[]>,
  ): Promise<Loaded>;
  /**
   * Pure. `now` is the database clock, read after the locks. A throw fails this command alone: a `Failure` is its
   * answer (stored under its idempotency key), `Again` sends it round once more, anything else is a bug.
   */
  decide(command: Command, loaded: Loaded, now: Millis): Entry;
}

/**
 * Thrown by `decide`: the command must run as another one, because the locked rows show that it belongs to another
 * conversation (it lost the race for a user's first). It waits at the end of that conversation's line. A lone command
 * that meets a unique violation (23505) is run again by the engine itself.
 */
export class Again<Command extends Queued> extends Error {
  override readonly name = 'Again';

  constructor(readonly command: Command) {
    super(`to be run again on conversation ${command.conversationId}`);
  }
}

/** Rows one feature adds to every transaction of the ledger. */
export interface RowWriter<Entry> {
  readonly name: string;
  /** One statement for all entries of the group, or `null` when none of them concerns this writer. */
  write(entries: readonly Entry[]): Written | null;
}

export interface Written {
  readonly statement: Statement;
  /** The hand-over in memory: called once COMMIT was answered. Must return at once and never throw. */
  readonly committed?: () => void;
}
