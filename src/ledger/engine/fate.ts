import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError } from 'pg';
import type { Statement } from '../book.js';
import { Link, type OpenLink } from './link.js';

/** What became of a transaction whose COMMIT was sent and never answered. */
export type Fate = 'committed' | 'aborted' | 'unknown';

/** Names a transaction well enough to ask about it later. */
export interface Traced {
  readonly xid: string;
  readonly incarnation: string;
}

const ASK_EVERY_MS = 50;

/**
 * Asks PostgreSQL on a connection of its own, until it knows or `boundMs` are over. "In progress" is waited for: the
 * server may still be working, or not have noticed that its client is gone.
 *
 * A server that replays what another one wrote knows less than that one did: it is not asked (`Link.open`), and while there
 * is no other the fate is unknown.
 *
 * After a crash ids of transactions that left no trace are handed out again, so "committed" may then speak of somebody
 * else's transaction: it counts only while the server has not recovered or been promoted since (`Link.incarnation`, ADR 0013). Any other answer
 * proves that ours left no commit behind: had it been flushed, its id would not have been given away.
 */
export async function fateOf(traced: Traced, open: OpenLink, boundMs: number): Promise<Fate> {
  const deadline = performance.now() + boundMs;
  for (;;) {
    const fate = await ask(traced, open).catch(() => null);
    if (fate !== null) return fate;
    if (performance.now() >= deadline) return 'unknown';
    await sleep(ASK_EVERY_MS);
  }
}

/** `null`: not known yet. */
async function ask(traced: Traced, open: OpenLink): Promise<Fate | null> {
  const link = await Link.open(open);
  try {
    const recovered = link.incarnation === '' || link.incarnation !== traced.incarnation;
    const [row] = await link.query(statusOf(traced.xid));
    return judge(row?.['status'], recovered);
  } catch (error) {
    if (error instanceof DatabaseError && error.code === NOT_GIVEN_OUT) return 'aborted';
    throw error;
  } finally {
    link.close();
  }
}

function judge(status: unknown, recovered: boolean): Fate | null {
  switch (status) {
    case 'committed':
      return recovered ? 'unknown' : 'committed';
    case 'aborted':
      return 'aborted';
    case 'in progress':
      return recovered ? 'aborted' : null;
    default:
      return 'unknown';
  }
}

/** "transaction ID is in the future": a crash took it back. */
const NOT_GIVEN_OUT = '22023';

function statusOf(xid: string): Statement {
  return { name: 'ledger_fate', text: 'SELECT pg_xact_status($1::xid8) AS status', values: [xid] };
}
