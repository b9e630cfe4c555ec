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
  /** Decides order: commands of one conversation run one after another, those of one caller first in first out. */
  readonly conversationId: string;
  /** Decides fairness: groups are filled round-robin over apps. */
  readonly appId: AppId;
  /** Who gives it. Callers take turns within a conversation, and each has places of its own there. */
  readonly caller: string;
  readonly urgency: Urgency;
  /** About how many bytes it will write; a group carries at most 256 kB. */
  readonly bytes: number;
  readonly idempotency: IdempotencyKey | null;
}

/**
 * Who goes first among the callers of one conversation: the platform's own commands, then changes of control and ends,
 * then everything else. A caller's own commands are never reordered by it.
 */
export type Urgency = 'system' | 'control' | 'usual';

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
  /** A book without it refuses one by one. */
  readonly refusals?: SharedRefusals<Command, Entry>;
}

/**
 * What one caller has waiting in one conversation is refused together, in one transaction and with one place in the
 * queue: so a caller who keeps asking for what they may not have costs others one turn, however often they ask.
 */
export interface SharedRefusals<Command, Entry> {
  /** The command was refused and changed nothing. */
  isRefusal(entry: Entry): boolean;
  /** Whether `next`, of the same caller and conversation, asks the same of the same rows, so it must be refused too. */
  isAlike(refused: Entry, next: Command): boolean;
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
