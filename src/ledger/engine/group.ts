import { Failure, type Millis } from '../../kernel/index.js';
import { ofApps, SCOPE_SETTING } from '../../platform/postgres/index.js';
import {
  Again,
  type Book,
  type Decided,
  type IdempotencyKey,
  type Queued,
  type Row,
  type RowWriter,
  type Statement,
} from '../book.js';
import {
  decode,
  encode,
  findStored,
  inFlight,
  isReused,
  replay,
  reused,
  store,
  storedFailure,
  tryKeys,
} from '../idempotency/idempotency.js';
import type { Stored, StoredRow } from '../idempotency/idempotency.js';
import { LinkLost } from './failure.js';
import type { Traced } from './fate.js';
import type { Link } from './link.js';

/** What one transaction says about one command. Told to the caller once the transaction is committed. */
export type Verdict<Command> =
  | { readonly kind: 'answer'; readonly answer: unknown; readonly refused: boolean }
  | { readonly kind: 'failure'; readonly error: unknown }
  | { readonly kind: 'again'; readonly command: Command };

/** A command that was refused with the one before it, in the same transaction and without a place of its own. */
export interface Shared<Command> {
  /** The index of the command it was refused with. */
  readonly of: number;
  readonly command: Command;
  readonly answer: unknown;
}

/** How the transaction ended. `unknown`: COMMIT was sent and its answer never came. */
export type Ending<Command> =
  | {
      readonly kind: 'committed';
      readonly verdicts: readonly Verdict<Command>[];
      readonly shared: readonly Shared<Command>[];
      readonly hooks: readonly (() => void)[];
    }
  | { readonly kind: 'rolled_back'; readonly error: unknown }
  | {
      readonly kind: 'unknown';
      readonly verdicts: readonly Verdict<Command>[];
      readonly shared: readonly Shared<Command>[];
      readonly hooks: readonly (() => void)[];
      readonly traced: Traced;
      readonly error: unknown;
    };

/** With it goes whose rows the group may see and write: one message, and no trip of its own. */
const begin = (commands: readonly Queued[]): Statement => ({
  name: '',
  text: `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL ${SCOPE_SETTING} = '${ofApps(commands.map(({ appId }) => appId))}'`,
  values: [],
});

/** The clock must not be read inside a locking statement: it would tell the time before the wait. */
const CLOCK: Statement = {
  name: 'ledger_clock',
  text: `SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now, pg_current_xact_id()::text AS xid`,
  values: [],
};

/** Refusals beside the commands of one group: what they cost is no more than another group's decisions. */
const MOST_SHARED = 64;

/** One group, one transaction, two round trips. */
export class Group<Command extends Queued, Loaded, Entry extends Decided> {
  private readonly keyed: readonly IdempotencyKey[];
  private readonly entries: Entry[] = [];
  private readonly toStore: StoredRow[] = [];
  private readonly hooks: (() => void)[] = [];
  private readonly shared: Shared<Command>[] = [];
  private traced: Traced = { xid: '', incarnation: '' };

  constructor(
    private readonly link: Link,
    private readonly book: Book<Command, Loaded, Entry>,
    private readonly writers: readonly RowWriter<Entry>[],
    private readonly commands: readonly Command[],
    /** What the caller of a command has waiting behind it in the same conversation, by the command's index. */
    private readonly behind: (of: number) => Iterable<Command>,
  ) {
    this.keyed = commands.flatMap((command) => command.idempotency ?? []);
  }

  /** Never rejects. A `rolled_back` link is clean again, or dead. */
  async run(): Promise<Ending<Command>> {
    try {
      return await this.attempt();
    } catch (error) {
      await this.link.rollback();
      return { kind: 'rolled_back', error };
    }
  }

  private async attempt(): Promise<Ending<Command>> {
    const verdicts = await this.decide();
    const trip = await this.link.trip(this.writes(), true);
    const { hooks, shared, traced } = this;
    switch (trip.commit) {
      case 'committed':
        return { kind: 'committed', verdicts, shared, hooks };
      case 'open':
        return { kind: 'unknown', verdicts, shared, hooks, traced, error: trip.error };
      case 'rolled_back':
        return { kind: 'rolled_back', error: trip.error ?? new Error('COMMIT was answered ROLLBACK') };
      case 'not_sent':
        throw trip.error ?? new LinkLost('COMMIT was not sent');
    }
  }

  /** Trip one: everything locked, then the clock, then everything read; then all decisions in memory. */
  private async decide(): Promise<readonly Verdict<Command>[]> {
    const { book, commands } = this;
    const keys = this.keyed.length === 0 ? [] : [tryKeys(this.keyed), findStored(this.keyed)];
    const locks = book.locks(commands);
    const statements = [begin(commands), ...keys, ...locks, CLOCK, ...book.reads(commands)];
    const trip = await this.link.trip(statements);
    if (trip.error !== null) throw trip.error;

    const clockAt = 1 + keys.length + locks.length;
    const clock = trip.rows[clockAt]?.[0] as { now: Millis; xid: string };
    this.traced = { xid: clock.xid, incarnation: this.link.incarnation };
    const settled = keys.length === 0 ? null : this.settledByKey(trip.rows[1] ?? [], trip.rows[2] ?? []);
    const loaded = await book.load(
      commands,
      trip.rows.slice(1 + keys.length, clockAt),
      trip.rows.slice(clockAt + 1),
      (statement) => this.link.query(statement),
    );
    return commands.map((command, of) => settled?.get(command) ?? this.decideOne(command, of, loaded, clock.now));
  }

  private decideOne(command: Command, of: number, loaded: Loaded, now: Millis): Verdict<Command> {
    try {
      const entry = this.book.decide(command, loaded, now);
      this.keep(command, { answer: entry.answer });
      this.entries.push(entry);
      return { kind: 'answer', answer: entry.answer, refused: this.refuseBehind(entry, of, loaded, now) };
    } catch (error) {
      if (error instanceof Again) return { kind: 'again', command: error.command as Command };
      const failure = storedFailure(error);
      if (failure !== null) this.keep(command, failure);
      return { kind: 'failure', error };
    }
  }

  /**
   * Whether this was a refusal; if so, those who wait behind and must get the same are given it too. They came before
   * the rows were read, which stay locked until they are told: what they hear was so while they waited. The first that
   * is not like it ends it, for one caller's commands keep their order; so does an idempotency key, for neither its lock
   * nor its stored answer was asked for.
   */
  private refuseBehind(entry: Entry, of: number, loaded: Loaded, now: Millis): boolean {
    const { refusals } = this.book;
    if (refusals === undefined || !refusals.isRefusal(entry)) return false;
    for (const command of this.behind(of)) {
      if (this.shared.length >= MOST_SHARED || command.idempotency !== null) break;
      const alike = refusals.isAlike(entry, command) ? this.tryDecide(command, loaded, now) : null;
      if (alike === null || !refusals.isRefusal(alike)) break;
      this.entries.push(alike);
      this.shared.push({ of, command, answer: alike.answer });
    }
    return true;
  }

  private tryDecide(command: Command, loaded: Loaded, now: Millis): Entry | null {
    try {
      return this.book.decide(command, loaded, now);
    } catch {
      return null;
    }
  }

  private keep(command: Command, stored: Stored): void {
    const key = command.idempotency;
    if (key !== null) this.toStore.push({ key, about: command.conversationId, bytes: encode(stored, key, null) });
  }

  /** Members whose key says it all: in flight elsewhere, answered before, or used with another body. */
  private settledByKey(locks: readonly Row[], found: readonly Row[]): Map<Command, Verdict<Command>> {
    const settled = new Map<Command, Verdict<Command>>();
    const stored = new Map(found.map((row) => [(row['key'] as Buffer).toString('latin1'), row]));
    const seen = new Set<string>();
    let place = 0;
    for (const command of this.commands) {
      if (command.idempotency === null) continue;
      const name = command.idempotency.key.toString('latin1');
      const free = locks[place++]?.['free'] === true && !seen.has(name);
      seen.add(name);
      const row = stored.get(name);
      if (!free) settled.set(command, { kind: 'failure', error: inFlight() });
      else if (row !== undefined) settled.set(command, again(command.idempotency, row));
    }
    return settled;
  }

  /** Trip two: one statement per row writer. */
  private writes(): Statement[] {
    const statements: Statement[] = [];
    if (this.entries.length > 0) {
      for (const writer of this.writers) {
        const written = writer.write(this.entries);
        if (written === null) continue;
        statements.push(written.statement);
        if (written.committed !== undefined) this.hooks.push(written.committed);
      }
    }
    if (this.toStore.length > 0) statements.push(store(this.toStore));
    return statements;
  }
}

function again<Command>(key: IdempotencyKey, row: Row): Verdict<Command> {
  if (isReused(key, row)) return { kind: 'failure', error: reused() };
  try {
    return { kind: 'answer', answer: replay(decode(row['answer'] as Buffer, key, null)), refused: false };
  } catch (error) {
    return {
      kind: 'failure',
      error: error instanceof Failure ? error : new Error('a stored answer cannot be read', { cause: error }),
    };
  }
}
