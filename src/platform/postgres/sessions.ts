import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { hindranceOf } from './outage.js';
import { types } from './types.js';

/** A pooler in front of PostgreSQL shares sessions, which nothing of ours would survive: says what to do. */
export class PoolerError extends Error {
  override readonly name = 'PoolerError';
}

/** One after the other on both connections; a pooler that shares gives itself away at the first or second. */
const ROUNDS = 8;
const MARK = 'switchboard.probe';
const CONNECT_MS = 5_000;
/** Also how long a pooler may take to open a session of its own. */
const ANSWER_MS = 10_000;

const MAKE_MARK = `SELECT set_config('${MARK}', $1, false)`;

/** Which session answered: its process, of which server, and what was left in it. */
const WHO = `
  SELECT pg_backend_pid() || ' ' || pg_postmaster_start_time() AS session, current_setting('${MARK}', true) AS mark`;

interface Who {
  readonly session: string;
  readonly mark: string | null;
}

/**
 * Proves that two connections are two sessions, each with what was set in it, and that a new one begins with nothing of
 * an earlier one's. Roles, limits, advisory locks, prepared statements and LISTEN all belong to a session; a pooler that
 * gives a session to another connection between two statements (PgBouncer's modes `transaction` and `statement`) would
 * take them away, now and then, under load.
 *
 * @throws PoolerError
 */
export async function requireSessions(url: string): Promise<void> {
  const marks = [randomUUID(), randomUUID()] as const;
  const one = await connected(url);
  try {
    await one.query(MAKE_MARK, [marks[0]]);
    const other = await connected(url);
    try {
      await other.query(MAKE_MARK, [marks[1]]).catch(tooSmall);
      await requireTwo(one, other, marks);
    } finally {
      await ended(other);
    }
  } finally {
    await ended(one);
  }
  await requireFresh(url, marks);
}

async function requireTwo(one: Client, other: Client, [mark, otherMark]: readonly [string, string]): Promise<void> {
  const first = await whoAnswers(one);
  const second = await whoAnswers(other);
  for (let round = 0; round < ROUNDS; round += 1) {
    const [a, b] = [await whoAnswers(one), await whoAnswers(other)];
    const isSteady = a.session === first.session && b.session === second.session;
    if (!isSteady || a.session === b.session || a.mark !== mark || b.mark !== otherMark)
      throw new PoolerError(
        'DATABASE_URL leads to a pooler that shares sessions between connections (pool_mode = transaction or statement in PgBouncer): set pool_mode = session for this database, or give the address of PostgreSQL itself',
      );
  }
}

async function requireFresh(url: string, marks: readonly string[]): Promise<void> {
  const next = await connected(url);
  try {
    const { mark } = await whoAnswers(next);
    if (mark !== null && marks.includes(mark))
      throw new PoolerError(
        'DATABASE_URL leads to a pooler that hands on sessions with what others left in them: set server_reset_query = DISCARD ALL in PgBouncer',
      );
  } finally {
    await ended(next);
  }
}

async function whoAnswers(client: Client): Promise<Who> {
  const { rows } = await client.query<Who>(WHO);
  return rows[0] ?? { session: '', mark: null };
}

async function connected(url: string): Promise<Client> {
  const client = new Client({
    connectionString: url,
    application_name: 'switchboard-start',
    types,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Its answer may never come: nobody waits for that. */
async function ended(client: Client): Promise<void> {
  await client.end().catch(() => undefined);
}

/** The first connection has been answered: what keeps the second waiting is the pool. Others may be about to leave it. */
function tooSmall(error: unknown): never {
  if (hindranceOf(error) !== null || !/timeout/i.test((error as Error).message)) throw error;
  throw Object.assign(
    new Error(
      `a pooler in front of PostgreSQL has no second session for us within ${ANSWER_MS / 1000} s: give its pool (default_pool_size in PgBouncer) room for 20 connections of each process`,
      { cause: error },
    ),
    { code: '53300' },
  );
}
