import type { Socket } from 'node:net';
import { Kysely, PostgresDialect, type PostgresPool, type Transaction } from 'kysely';
import { Pool, type PoolClient, type QueryResult } from 'pg';
import type { Failure } from '../../kernel/index.js';
import { keepLimits } from './limits.js';
import { endsSession, hindranceOf, outcomeUnknown, refuseStandby, unavailable } from './outage.js';
import { prepared } from './prepared.js';
import { SET_SCOPE, TAKE_ROLE } from './role.js';
import { ofHouse, scopeHere, type House, type Scope } from './scope.js';
import { Standing } from './standing.js';
import type { Tables } from './tables.js';
import { types } from './types.js';
import { openWriter, type WriterConnection } from './writer.js';

/** What a request may take and hold. */
const LIMITS = { statement_timeout: 10_000, lock_timeout: 2_000, idle_in_transaction_session_timeout: 10_000 };

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
  /** For whom it runs is said where the work begins: by the door for a request, by `inApps` elsewhere. */
  readonly kysely: Kysely<Tables>;
  readonly standing = new Standing();
  readonly #pool: Pool;
  readonly #sessions = new WeakMap<PoolClient, Session>();
  readonly #houses = new Map<House, Bound>();

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
      verify: (client, done) => void verify(client, done),
      // The scope goes out with the statement that needs it.
      pipeline: true,
    });
    // An idle connection that dies is replaced at its next use; one in use tells its statement, and whoever dies between
    // the two has nobody to tell: without a listener of its own it would end the process.
    this.#pool.on('error', () => undefined);
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
    this.kysely = this.#kyselyFor(scopeHere);
  }

  /** The same for work of the house's own, which is no app's. */
  as(house: House): Bound {
    const known = this.#houses.get(house);
    if (known) return known;
    const made = this.within(ofHouse(house));
    this.#houses.set(house, made);
    return made;
  }

  /** The same for one scope and no other, whoever asks. Meant to be kept. */
  within(scope: Scope): Bound {
    const kysely = this.#kyselyFor(() => scope);
    return { kysely, transaction: (fn) => kysely.transaction().execute(fn) };
  }

  #kyselyFor(scope: () => Scope): Kysely<Tables> {
    const pool = honest(this.#pool, { sessions: this.#sessions, standing: this.standing, scope });
    return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
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
    // Whoever was never asked for has nothing to close: the pool is everybody's.
    await this.#pool.end();
  }
}

/** {@link Db} for one scope. */
export interface Bound {
  readonly kysely: Kysely<Tables>;
  transaction<T>(fn: (tx: Tx) => Promise<T>): Promise<T>;
}

/** Of each connection the pool opens. */
async function verify(client: PoolClient, done: (error?: Error) => void): Promise<void> {
  let wrong: Error | undefined;
  try {
    await prepared(Promise.all([refuseStandby(client), keepLimits(client, LIMITS)]));
  } catch (error) {
    wrong = error as Error;
  }
  done(wrong);
}

/** What every connection of a {@link Db} goes by. */
interface Surroundings {
  readonly sessions: WeakMap<PoolClient, Session>;
  readonly standing: Standing;
  /** For whom a statement runs at this moment. */
  readonly scope: () => Scope;
}

/** The pool, with what hinders PostgreSQL told as the `Failure` it is, and every statement under its scope. */
function honest(pool: Pool, { sessions, standing, scope }: Surroundings): PostgresPool {
  const known = new WeakMap<PoolClient, HonestClient>();
  return {
    options: pool.options,
    connect: async () => {
      const client = await pool.connect().catch((error: unknown) => {
        const hindrance = standing.notice(error);
        throw hindrance === null ? error : unavailable(hindrance, error);
      });
      const session = sessions.get(client) ?? new Session(client);
      sessions.set(client, session);
      const wrapped = known.get(client) ?? new HonestClient(client, session, { standing, scope });
      known.set(client, wrapped);
      // Kysely's type also has a form for cursors, which nothing here uses.
      return wrapped as unknown as Awaited<ReturnType<PostgresPool['connect']>>;
    },
    end: () => pool.end(),
  };
}

const ENDS = /^(commit|rollback)/i;
const UNDOES = /^rollback/i;

/** What a connection was told last of whom it works for. */
class Session {
  readonly #client: PoolClient;
  #bound = false;
  /** `null`: not known, as after a rollback that may have undone it. */
  #scope: Scope | null = null;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  /** Sent ahead of the statement, and only where the last one was for somebody else. */
  enter(scope: Scope): Promise<unknown> | null {
    if (this.#bound && this.#scope === scope) return null;
    const role = this.#bound ? null : this.#client.query(TAKE_ROLE);
    const set = this.#client.query({ name: 'scope', text: SET_SCOPE, values: [scope] });
    this.#bound = true;
    this.#scope = scope;
    return role === null ? set : Promise.all([role, set]);
  }

  forget(): void {
    this.#scope = null;
  }
}

class HonestClient {
  readonly #client: PoolClient;
  readonly #session: Session;
  readonly #around: Pick<Surroundings, 'standing' | 'scope'>;
  /** What the link died of. Kysely rolls back after a failed COMMIT, which must not tell another story. */
  #lost: Failure | null = null;

  constructor(client: PoolClient, session: Session, around: Pick<Surroundings, 'standing' | 'scope'>) {
    this.#client = client;
    this.#session = session;
    this.#around = around;
  }

  async query(sql: string, parameters: readonly unknown[]): Promise<QueryResult> {
    if (this.#lost !== null) throw this.#lost;
    if (UNDOES.test(sql)) this.#session.forget();
    try {
      const { entered, result } = this.#send(sql, parameters);
      if (entered === null) return await result;
      // Under another scope it would have seen another's rows: then nobody is told what it saw.
      const [, told] = await Promise.all([entered, result]);
      return told;
    } catch (error) {
      const hindrance = this.#around.standing.notice(error);
      if (hindrance === null) throw error;
      // An error that leaves the session alive, also one at COMMIT, has rolled the transaction back for certain.
      if (!endsSession(error)) throw unavailable(hindrance, error);
      this.#lost = sql === 'commit' ? outcomeUnknown(error) : unavailable(hindrance, error);
      throw this.#lost;
    }
  }

  /** The scope and its statement leave in one write. */
  #send(sql: string, parameters: readonly unknown[]) {
    const { stream } = (this.#client as unknown as { readonly connection: { readonly stream: Socket } }).connection;
    stream.cork();
    try {
      const entered = ENDS.test(sql) ? null : this.#session.enter(this.#around.scope());
      return { entered, result: this.#client.query(sql, [...parameters]) };
    } finally {
      stream.uncork();
    }
  }

  release(destroy?: boolean): void {
    this.#client.release(destroy);
  }
}
