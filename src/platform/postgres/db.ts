import { Kysely, PostgresDialect, type PostgresPool, type Transaction } from 'kysely';
import { Pool, type PoolClient, type QueryResult } from 'pg';
import type { Failure } from '../../kernel/index.js';
import { endsSession, hindranceOf, outcomeUnknown, refuseStandby, unavailable } from './outage.js';
import { Standing } from './standing.js';
import type { Tables } from './tables.js';
import { types } from './types.js';
import { openWriter, type WriterConnection } from './writer.js';

/** A plain transaction. Always an argument, never hidden. */
export type Tx = Transaction<Tables>;

/**
 * Reads and plain changes (apps, keys, users, lists). Conversations are written through the ledger.
 *
 * Every statement may fail with `Failure('unavailable')`: PostgreSQL cannot do it now (`Hindrance`) and nothing happened,
 * or, at a COMMIT whose answer was lost, `Failure('outcome_unknown')`. The pool reconnects by itself, and never to a
 * standby.
 */
export class Db {
  readonly kysely: Kysely<Tables>;
  readonly standing = new Standing();
  readonly #pool: Pool;

  constructor(
    /** Where PostgreSQL is, for those who keep connections of their own. Holds a password: never log it. */
    readonly url: string,
    size = 6,
  ) {
    this.#pool = new Pool({
      connectionString: url,
      application_name: 'switchboard',
      max: size,
      types,
      keepAlive: true,
      connectionTimeoutMillis: 3_000,
      idleTimeoutMillis: 60_000,
      statement_timeout: 10_000,
      lock_timeout: 2_000,
      idle_in_transaction_session_timeout: 10_000,
      verify: (client, done) => void verify(client, done),
    });
    // An idle connection that dies is replaced at its next use; one in use tells its statement, and whoever dies between
    // the two has nobody to tell: without a listener of its own it would end the process.
    this.#pool.on('error', () => undefined);
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
    this.kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: honest(this.#pool, this.standing) }) });
  }

  /** Runs `fn` in one READ COMMITTED transaction: commits when it returns, rolls back when it throws. */
  transaction<T>(fn: (tx: Tx) => Promise<T>): Promise<T> {
    return this.kysely.transaction().execute(fn);
  }

  /** A pipelined connection with the ledger's limits; the caller owns and ends it. */
  openWriter(applicationName?: string): Promise<WriterConnection> {
    return openWriter(this.url, applicationName);
  }

  /** Whether PostgreSQL answers now, and as whom; for readiness. */
  async answers(): Promise<'reachable' | 'unreachable' | 'standby'> {
    return this.#pool.query('SELECT 1').then(
      () => 'reachable',
      (error: unknown) => (hindranceOf(error) === 'standby' ? 'standby' : 'unreachable'),
    );
  }

  /** Waits for statements in flight, then closes every connection. */
  async close(): Promise<void> {
    await this.kysely.destroy();
  }
}

/** Of each connection the pool opens. */
async function verify(client: PoolClient, done: (error?: Error) => void): Promise<void> {
  let wrong: Error | undefined;
  try {
    await refuseStandby(client);
  } catch (error) {
    wrong = error as Error;
  }
  done(wrong);
}

/** The pool, with what hinders PostgreSQL told as the `Failure` it is. */
function honest(pool: Pool, standing: Standing): PostgresPool {
  const known = new WeakMap<PoolClient, HonestClient>();
  return {
    options: pool.options,
    connect: async () => {
      const client = await pool.connect().catch((error: unknown) => {
        const hindrance = standing.notice(error);
        throw hindrance === null ? error : unavailable(hindrance, error);
      });
      const wrapped = known.get(client) ?? new HonestClient(client, standing);
      known.set(client, wrapped);
      // Kysely's type also has a form for cursors, which nothing here uses.
      return wrapped as unknown as Awaited<ReturnType<PostgresPool['connect']>>;
    },
    end: () => pool.end(),
  };
}

class HonestClient {
  readonly #client: PoolClient;
  /** What the link died of. Kysely rolls back after a failed COMMIT, which must not tell another story. */
  #lost: Failure | null = null;

  constructor(
    client: PoolClient,
    private readonly standing: Standing,
  ) {
    this.#client = client;
  }

  async query(sql: string, parameters: readonly unknown[]): Promise<QueryResult> {
    if (this.#lost !== null) throw this.#lost;
    try {
      return await this.#client.query(sql, [...parameters]);
    } catch (error) {
      const hindrance = this.standing.notice(error);
      if (hindrance === null) throw error;
      // An error that leaves the session alive, also one at COMMIT, has rolled the transaction back for certain.
      if (!endsSession(error)) throw unavailable(hindrance, error);
      this.#lost = sql === 'commit' ? outcomeUnknown(error) : unavailable(hindrance, error);
      throw this.#lost;
    }
  }

  release(destroy?: boolean): void {
    this.#client.release(destroy);
  }
}
