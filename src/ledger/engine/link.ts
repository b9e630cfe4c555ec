import { type Client, DatabaseError, type QueryConfig } from 'pg';
import { refuseStandby } from '../../platform/postgres/index.js';
import type { Row, Statement } from '../book.js';
import { LinkLost, Unsendable } from './failure.js';

/** Opens a connection with `pipeline: true` and the writer settings (`platform/postgres`). */
export type OpenLink = () => Promise<Client>;

/** What one round trip brought back. */
export interface Trip {
  /** Per statement; empty for those behind the first error. */
  readonly rows: readonly (readonly Row[])[];
  /** The first thing that went wrong, in the order sent. */
  readonly error: Error | null;
  readonly commit: CommitFate;
}

/** `open`: COMMIT was sent and its answer never came. */
export type CommitFate = 'not_sent' | 'committed' | 'rolled_back' | 'open';

const COMMIT: Statement = { name: '', text: 'COMMIT', values: [] };
const ROLLBACK: Statement = { name: '', text: 'ROLLBACK', values: [] };

/** The server's own limits are 5 s; a link that is silent for longer than this is dead. */
const SILENCE_MS = 10_000;

/** One writer connection, used for one transaction at a time, in whole trips. */
export class Link {
  private dead: Error | null = null;

  private constructor(
    private readonly client: Client,
    /** Changes with every recovery from a crash and every promotion (`fate.ts`). */
    readonly incarnation: string,
    private readonly lost: () => void,
  ) {
    client.on('error', (error) => this.die(error));
    client.on('end', () => this.die(new Error('connection ended')));
  }

  /** Throws while there is no server, and `StandbyError` while it is a standby: that one is neither written to nor believed. */
  static async open(open: OpenLink, lost: () => void = () => undefined): Promise<Link> {
    const client = await open();
    try {
      await refuseStandby(client);
      const result = await client.query<{ incarnation: string }>(INCARNATION);
      return new Link(client, result.rows[0]?.incarnation ?? '', lost);
    } catch (error) {
      client.end().catch(() => undefined);
      throw error;
    }
  }

  get alive(): boolean {
    return this.dead === null;
  }

  /** Sends all statements in one write, with COMMIT behind them if asked, and waits for every answer. Never rejects. */
  trip(statements: readonly Statement[], commit = false): Promise<Trip> {
    if (this.dead !== null) return Promise.resolve(lostTrip(statements.length, this.dead));
    return new Promise((resolve) => new Flight(this.client, statements, commit, this, resolve).send());
  }

  /** One statement on its own, outside of any pipeline. Throws what went wrong. */
  async query(statement: Statement): Promise<readonly Row[]> {
    const trip = await this.trip([statement]);
    if (trip.error !== null) throw trip.error;
    return trip.rows[0] ?? [];
  }

  async rollback(): Promise<void> {
    if (this.dead === null) await this.trip([ROLLBACK]);
  }

  /** Cuts the link, if it still stands: whatever was not committed is rolled back by the server. */
  die(error: Error): void {
    if (this.dead !== null) return;
    this.dead = error;
    this.client.connection.stream.destroy();
    this.lost();
  }

  close(): void {
    this.client.end().catch(() => undefined);
  }
}

/** A recovery resets the statistics, and a promotion begins a timeline; a copy may have kept the statistics. */
const INCARNATION = `
  SELECT coalesce(stats_reset::text || ' ' || left(pg_walfile_name(pg_current_wal_lsn()), 8), '') AS incarnation
  FROM pg_stat_bgwriter`;

/** Keeps count of one trip. A statement may be answered twice (once by our side, once by the server): the first counts. */
class Flight {
  private readonly rows: (readonly Row[])[];
  private readonly answered: boolean[];
  private missing: number;
  private error: Error | null = null;
  private errorAt = Infinity;
  private commit: CommitFate = 'not_sent';
  private over = false;
  private readonly silence: NodeJS.Timeout;

  constructor(
    private readonly client: Client,
    private readonly statements: readonly Statement[],
    private readonly commitAsked: boolean,
    private readonly link: Link,
    private readonly done: (trip: Trip) => void,
  ) {
    this.missing = statements.length + (commitAsked ? 1 : 0);
    this.rows = statements.map(() => []);
    this.answered = statements.map(() => false);
    this.silence = setTimeout(() => this.link.die(new Error('no answer in time')), SILENCE_MS);
  }

  send(): void {
    const { stream } = this.client.connection;
    stream.cork();
    for (let i = 0; i < this.statements.length; i++) this.ask(this.statements[i] as Statement, i);
    // `pg` reports what it cannot encode or refuses to prepare on its own, at the latest in a tick queued before this
    // one. The server never hears of it, so COMMIT behind it would commit the rest: it is sent only when all went out.
    process.nextTick(() => {
      if (this.error !== null && this.link.alive && !(this.error instanceof DatabaseError)) {
        stream.uncork();
        this.abandon(new Unsendable(this.error.message, { cause: this.error }));
        return;
      }
      if (this.commitAsked) this.askCommit();
      stream.uncork();
    });
  }

  private ask(statement: Statement, index: number): void {
    this.client.query(
      statement.name === '' ? { text: statement.text } : toQuery(statement),
      (error: Error | null, result) => {
        if (this.answered[index] === true) return;
        this.answered[index] = true;
        if (error) this.fail(error, index);
        else this.rows[index] = result.rows as Row[];
        this.countDown();
      },
    );
  }

  private askCommit(): void {
    this.commit = 'open';
    this.client.query(COMMIT.text, (error: Error | null, result) => {
      if (error) this.fail(error, this.statements.length);
      if (!error) this.commit = result.command === 'COMMIT' ? 'committed' : 'rolled_back';
      else if (error instanceof DatabaseError && error.severity === 'ERROR') this.commit = 'rolled_back';
      this.countDown();
    });
  }

  private fail(error: Error, index: number): void {
    if (index >= this.errorAt) return;
    this.errorAt = index;
    this.error =
      this.link.alive || error instanceof DatabaseError ? error : new LinkLost(error.message, { cause: error });
  }

  private countDown(): void {
    this.missing -= 1;
    if (this.missing === 0) this.finish();
  }

  private abandon(error: Error): void {
    this.error = error;
    this.link.die(error);
    this.finish();
  }

  private finish(): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.silence);
    // An ERROR before COMMIT has aborted the transaction, whatever became of the link later.
    const refused = this.error instanceof DatabaseError && this.error.severity === 'ERROR';
    if (this.commit === 'open' && refused) this.commit = 'rolled_back';
    this.done({ rows: this.rows, error: this.error, commit: this.commit });
  }
}

function toQuery(statement: Statement): QueryConfig {
  return { name: statement.name, text: statement.text, values: statement.values as unknown[] };
}

function lostTrip(statements: number, cause: Error): Trip {
  const rows = Array.from({ length: statements }, () => []);
  return { rows, error: new LinkLost(cause.message, { cause }), commit: 'not_sent' };
}
