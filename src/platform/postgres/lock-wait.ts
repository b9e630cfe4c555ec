import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { hindranceOf } from './outage.js';

/** How long a migration waits for what other programs hold. */
export interface Patience {
  /** For one lock. As long as we wait for it, everybody waits who asks for the same behind us. */
  readonly lockMs: number;
  /** Between two attempts: those behind us get their turn. */
  readonly pauseMs: number;
  readonly inAllMs: number;
}

export const PATIENCE: Patience = { lockMs: 2_000, pauseMs: 1_000, inAllMs: 60_000 };

/** Somebody holds what is needed, and does not let go: one sentence that says who, and what to do. */
export class LockWaitError extends Error {
  override readonly name = 'LockWaitError';
}

/**
 * Work under locks that another program may hold for hours, such as a backup or a forgotten `psql`. A session that waits
 * for such a lock holds up all that come behind it, so each attempt waits a moment only, and gives everything back before
 * the next.
 */
export class LockWait {
  constructor(
    private readonly url: string,
    private readonly client: Client,
    private readonly say: (line: string) => void,
    private readonly patience: Patience = PATIENCE,
  ) {}

  /** @param attempt Leaves no transaction behind when it fails. */
  async through<T>(what: string, attempt: () => Promise<T>): Promise<T> {
    const { lockMs, pauseMs, inAllMs } = this.patience;
    await this.client.query(`SELECT set_config('lock_timeout', $1, false)`, [`${lockMs}ms`]);
    const deadline = performance.now() + inAllMs;
    let told = '';
    for (;;) {
      const holders = this.#lookFor(lockMs / 2);
      try {
        return await attempt();
      } catch (error) {
        if (hindranceOf(error) !== 'busy') throw error;
        const who = (await holders.found) ?? 'another program';
        if (performance.now() >= deadline)
          throw new LockWaitError(
            `${what} needs a lock that ${who} has held for longer than ${Math.round(inAllMs / 1000)} seconds: let that end, or end it with pg_terminate_backend, then start again`,
            { cause: error },
          );
        if (who !== told) this.say(`${what} waits for a lock that ${who} holds: let that end, or end it`);
        told = who;
        await pause(pauseMs);
      } finally {
        holders.stop();
      }
    }
  }

  /** Who holds it can be asked only while we wait, and by somebody else. */
  #lookFor(afterMs: number): { readonly found: Promise<string | null>; stop(): void } {
    const aborted = new AbortController();
    const found = pause(afterMs, null, { signal: aborted.signal }).then(
      () => this.#holders().catch(() => null),
      () => null,
    );
    return { found, stop: () => aborted.abort() };
  }

  async #holders(): Promise<string | null> {
    const client = new Client({ connectionString: this.url, application_name: 'switchboard-migrator' });
    client.on('error', () => undefined);
    await client.connect();
    try {
      const { processID } = this.client as unknown as { readonly processID: number };
      const { rows } = await client.query<Holder>(HOLDERS, [processID]);
      return rows.length === 0 ? null : rows.map(wordsFor).join(' and ');
    } finally {
      await client.end();
    }
  }
}

interface Holder {
  readonly pid: number;
  readonly program: string;
  readonly login: string;
  readonly state: string;
  readonly since: string;
  readonly wanted: string | null;
}

const HOLDERS = `
  SELECT pid, application_name AS program, usename AS login, state, to_char(xact_start, 'YYYY-MM-DD HH24:MI:SS TZ') AS since,
         (SELECT string_agg(DISTINCT relation::regclass::text, ', ') FROM pg_locks l
          WHERE l.pid = $1 AND NOT l.granted AND l.relation IS NOT NULL) AS wanted
  FROM pg_stat_activity WHERE pid = ANY (pg_blocking_pids($1)) ORDER BY xact_start`;

const wordsFor = ({ pid, program, login, state, since, wanted }: Holder): string =>
  `process ${pid} of PostgreSQL (${program === '' ? 'a program without a name' : program} of ${login}, ${state}, in a transaction since ${since}${wanted === null ? '' : `, on ${wanted}`})`;
