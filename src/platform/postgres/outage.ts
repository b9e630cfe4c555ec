import { types } from 'node:util';
import { Failure } from '../../kernel/index.js';
import { LimitsLost } from './limits.js';

/** Seconds after which a caller should try again while PostgreSQL cannot do what was asked. */
export const RETRY_AFTER_SECONDS = 2;

const SOCKET_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** What `pg` says without a code when the link is gone. */
const LINK_WORDS =
  /Connection terminated|connection error and is not queryable|Client was closed|timeout exceeded when trying to connect|Cannot use a pool after/;

/** The one code of PgBouncer for all it has to say: that the server is away, and that it wants nothing to do with us. */
const PROTOCOL = '08P01';
const REFUSAL =
  /unsupported|no such |not allowed|authentication failed|login rejected|is required|SSL required|too long/;

/**
 * Why PostgreSQL does not do what was asked, though nothing is wrong with it:
 *
 * - `away`: the link broke or none can be opened (08), the server stops or starts (57P);
 * - `standby`: it replays what another server writes, or was set read-only (25006);
 * - `exhausted`: disk, memory, connections or another resource are used up (53), its system failed it (58);
 * - `busy`: somebody else holds what was needed (55P03), or was faster (40).
 */
export type Hindrance = 'away' | 'standby' | 'exhausted' | 'busy';

const HINDRANCES: readonly (readonly [RegExp, Hindrance])[] = [
  [/^(08...|57P..)$/, 'away'],
  [/^25006$/, 'standby'],
  [/^5[38]...$/, 'exhausted'],
  [/^(55P03|40...)$/, 'busy'],
];

/** What is shown to callers. Nothing happened, in each case. */
const TITLES: Readonly<Record<Hindrance, string>> = {
  away: 'The database cannot be reached. Try again shortly.',
  standby: 'The database takes no changes at the moment. Nothing happened. Try again shortly.',
  exhausted: 'The database has run out of disk, memory or connections. Nothing happened. Try again shortly.',
  busy: 'Somebody else holds what this needs. Nothing happened. Try again shortly.',
};

/** The server we were connected to is a standby: what it says may be old, and it takes no changes. */
export class StandbyError extends Error {
  override readonly name = 'StandbyError';

  constructor() {
    super('the server is a standby that replays the changes of another one');
  }
}

/** `null`: PostgreSQL refused the statement itself; to repeat it helps nobody. */
export function hindranceOf(error: unknown): Hindrance | null {
  if (!types.isNativeError(error)) return null;
  if (error instanceof StandbyError) return 'standby';
  if (error instanceof LimitsLost) return 'away';
  const { code, errors } = error as { code?: unknown; errors?: unknown };
  if (typeof code === 'string') {
    if (code === PROTOCOL && REFUSAL.test(error.message)) return null;
    if (SOCKET_ERRORS.has(code)) return 'away';
    return HINDRANCES.find(([states]) => states.test(code))?.[1] ?? null;
  }
  if (Array.isArray(errors)) return errors.map(hindranceOf).find((one) => one !== null) ?? null;
  return LINK_WORDS.test(error.message) ? 'away' : null;
}

/** Whether nobody could use PostgreSQL in our place: it is worth waiting for. */
export function isOutage(error: unknown): boolean {
  const hindrance = hindranceOf(error);
  return hindrance !== null && hindrance !== 'busy';
}

/** Errors that end the session: whether the statement was carried out they do not say. */
export function endsSession(error: unknown): boolean {
  const { severity } = error as { severity?: unknown };
  if (severity === undefined) return hindranceOf(error) !== null;
  return severity === 'FATAL' || severity === 'PANIC';
}

/** Nothing happened. */
export function unavailable(hindrance: Hindrance, cause: unknown): Failure {
  return new Failure('unavailable', TITLES[hindrance], { retryAfterSeconds: RETRY_AFTER_SECONDS, cause });
}

/** The link died after COMMIT was sent: it may have happened. */
export function outcomeUnknown(cause: unknown): Failure {
  return new Failure(
    'outcome_unknown',
    'The link to the database broke while the change was being committed. Read before you repeat it.',
    { retryAfterSeconds: RETRY_AFTER_SECONDS, cause },
  );
}

interface Asks {
  query(sql: string): Promise<{ readonly rows: readonly unknown[] }>;
}

/** To be asked of every new connection: a server never becomes a standby while one stands. Throws `StandbyError`. */
export async function refuseStandby(client: Asks): Promise<void> {
  const { rows } = await client.query('SELECT pg_is_in_recovery() AS standby');
  const [row] = rows as readonly { readonly standby: boolean }[];
  if (row?.standby !== false) throw new StandbyError();
}
