import { Kysely, PostgresDialect, type PostgresPool, type Transaction } from 'kysely';
import { Pool, type PoolClient, type QueryResult } from 'pg';
import type { Failure } from '../../kernel/index.js';
import { isOutage, outcomeUnknown, unavailable } from './outage.js';
import type { Tables } from './tables.js';
import { types } from './types.js';
import { openWriter, type WriterConnection } from './writer.js';

/** A plain transaction. Always an argument, never hidden. */
export type Tx = Transaction<Tables>;

/**
 * Reads and plain changes (apps, keys, users, lists). Conversations are written through the ledger.
 *
 * Every statement may fail with `Failure('unavailable')`: PostgreSQL cannot be reached and nothing happened, or, at a
 * COMMIT, `Failure('outcome_unknown')`. The pool reconnects by itself.
 */
export class Db {
  readonly kysely: Kysely<Tables>;
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
    });
    // An idle connection that dies is replaced at its next use; one in use tells its statement, and whoever dies between
    // the two has nobody to tell: without a listener of its own it would end the process.
    this.#pool.on('error', () => undefined);
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
    this.kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: honest(this.#pool) }) });
  }

  /** Runs `fn` in one READ COMMITTED transaction: commits when it returns, rolls back when it throws. */
  transaction<T>(fn: (tx: Tx) => Promise<T>): Promise<T> {
    return this.kysely.transaction().execute(fn);
  }

  /** A pipelined connection with the ledger's limits; the caller owns and ends it. */
  openWriter(applicationName?: string): Promise<WriterConnection> {
    return openWriter(this.url, applicationName);
  }

  /** Whether PostgreSQL answers now; for readiness. */
  async answers(): Promise<boolean> {
    return this.#pool.query('SELECT 1').then(
      () => true,
      () => false,
    );
  }

  /** Waits for statements in flight, then closes every connection. */
  async close(): Promise<void> {
    await this.kysely.destroy();
  }
}

/** The pool, with a lost link told as the `Failure` it is. */
function honest(pool: Pool): PostgresPool {
  const known = new WeakMap<PoolClient, HonestClient>();
  return {
    options: pool.options,
    connect: async () => {
      const client = await pool.connect().catch((error: unknown) => {
        throw isOutage(error) ? unavailable(error) : error;
      });
      const wrapped = known.get(client) ?? new HonestClient(client);
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

  constructor(client: PoolClient) {
    this.#client = client;
  }

  async query(sql: string, parameters: readonly unknown[]): Promise<QueryResult> {
    if (this.#lost !== null) throw this.#lost;
    try {
      return await this.#client.query(sql, [...parameters]);
    } catch (error) {
      if (!isOutage(error)) throw error;
      this.#lost = sql === 'commit' ? outcomeUnknown(error) : unavailable(error);
      throw this.#lost;
    }
  }

  release(destroy?: boolean): void {
    this.#client.release(destroy);
  }
}
