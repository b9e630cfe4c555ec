import type { Book, Decided, Queued, Row, Statement } from '../book.js';
import { ofApps, SCOPE_SETTING } from '../../platform/postgres/index.js';
import type { Link } from './link.js';

const LOCKING_CLAUSE = /\bFOR\s+(?:NO\s+KEY\s+UPDATE|UPDATE|KEY\s+SHARE|SHARE)(?:\s+OF\s+\w+)?\s*;?\s*$/i;

/**
 * Which of these commands need a row that somebody holds right now. Asked after `lock_timeout` struck: each locking
 * statement runs once with SKIP LOCKED and once without any lock; what only the second one sees is held.
 */
export async function stalledAmong<Command extends Queued>(
  link: Link,
  book: Pick<Book<Command, unknown, Decided>, 'locks'>,
  commands: readonly Command[],
): Promise<ReadonlySet<Command>> {
  const held = new Set<unknown>();
  await link.query(scopeOf(ofApps(commands.map(({ appId }) => appId))));
  for (const lock of book.locks(commands)) {
    if (LOCKING_CLAUSE.test(lock.text)) await collectHeld(link, lock, held);
  }
  await link.query(scopeOf(''));
  if (held.size === 0) return new Set();
  return new Set(commands.filter((command) => book.locks([command]).some((lock) => names(lock.values, held))));
}

const scopeOf = (scope: string): Statement => ({
  name: 'ledger_scope',
  text: `SELECT set_config('${SCOPE_SETTING}', $1, false)`,
  values: [scope],
});

/** A statement of its own, so its locks are gone with its answer. */
async function collectHeld(link: Link, lock: Statement, held: Set<unknown>): Promise<void> {
  const clause = LOCKING_CLAUSE.exec(lock.text)?.[0].replace(/;?\s*$/, '') ?? '';
  const bare = lock.text.replace(LOCKING_CLAUSE, '');
  const free = idsOf(await link.query({ ...lock, name: `${lock.name}_free`, text: `${bare}${clause} SKIP LOCKED` }));
  const all = idsOf(await link.query({ ...lock, name: `${lock.name}_bare`, text: bare }));
  for (const id of all) if (!free.has(id)) held.add(id);
}

function idsOf(rows: readonly Row[]): Set<unknown> {
  return new Set(rows.map((row) => row['id']));
}

function names(values: readonly unknown[], held: ReadonlySet<unknown>): boolean {
  return values.some((value) => (Array.isArray(value) ? value.some((one) => held.has(one)) : held.has(value)));
}
