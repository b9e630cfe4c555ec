import { Client } from 'pg';
import type { AppId, ConversationId, Millis } from '../../kernel/index.js';
import { bind, keepLimits, ofHouse, refuseStandby, types } from '../../platform/postgres/index.js';
import type { TimerKind } from '../core/index.js';

export interface DueTimer {
  readonly id: string;
  readonly conversationId: ConversationId;
  readonly appId: AppId;
  readonly kind: TimerKind;
  /** What it waited for, such as the offer's `seq` or the session's id. */
  readonly subject: string;
  /** As PostgreSQL writes it, to the microsecond: where to read on. */
  readonly due: string;
  /** How late it was when it was read, by the database's clock. */
  readonly lateMs: Millis;
  /** `false`: another process is at it. */
  readonly ours: boolean;
}

/** Advisory locks of timers: this number and a hash of the id. */
const LOCK_CLASS = 0x74_69_6d_65;
/** A process that stands still, or whose machine is gone, keeps its timers from the others no longer than this. */
const SILENCE_MS = 5_000;
const LIMITS = { idle_session_timeout: SILENCE_MS, statement_timeout: 10_000 };

/**
 * The clock must be a stable function: with `clock_timestamp()` the index would be read to its end, through everything
 * that is not due.
 */
export const CLAIM = `
  SELECT id, conversation_id AS "conversationId", app_id AS "appId", kind, subject, due_at::text AS due,
         (extract(epoch FROM clock_timestamp() - due_at) * 1000)::float8 AS "lateMs",
         pg_try_advisory_lock($1::int, hashtext(id)) AS ours
  FROM (SELECT * FROM timer
        WHERE due_at >= $2::timestamptz AND due_at <= statement_timestamp() AND id <> ALL($3::text[])
        ORDER BY due_at LIMIT $4) due`;

const RELEASE = `SELECT pg_advisory_unlock($1::int, hashtext(id)) FROM unnest($2::text[]) AS id`;

/**
 * Finds due timers and marks them as this process's by advisory locks of one connection. Nothing is written, and the
 * marks go with the connection: a killed process leaves none. They only save work; what makes a timer fire once is the
 * lock of its conversation.
 */
export class TimerClaims {
  #client: Client | null = null;
  #held = new Set<string>();

  constructor(private readonly url: string) {}

  /** The first `limit` timers due at `from` or later that are not among `except`, those of other processes included. */
  async take(from: string, except: readonly string[], limit: number): Promise<readonly DueTimer[]> {
    const client = (this.#client ??= await this.connect());
    const values = [LOCK_CLASS, from, except, limit];
    const { rows } = await client.query<DueTimer>({ name: 'timer_claim', text: CLAIM, values });
    for (const { id, ours } of rows) if (ours) this.#held.add(id);
    return rows;
  }

  async release(ids: readonly string[]): Promise<void> {
    const held = ids.filter((id) => this.#held.delete(id));
    if (held.length === 0) return;
    await this.#client?.query({ name: 'timer_release', text: RELEASE, values: [LOCK_CLASS, held] });
  }

  /** Lets go of everything. The next `take` connects again. */
  close(): void {
    const client = this.#client;
    this.#client = null;
    this.#held = new Set();
    void client?.end().catch(() => undefined);
  }

  private async connect(): Promise<Client> {
    const client = new Client({
      connectionString: this.url,
      application_name: 'switchboard-timers',
      types,
      pipeline: true,
      keepAlive: true,
      connectionTimeoutMillis: 3_000,
      query_timeout: 10_000,
    });
    client.on('error', () => undefined);
    client.on('end', () => client === this.#client && this.close());
    await client.connect();
    await prepare(client).catch((error: unknown) => {
      void client.end().catch(() => undefined);
      throw error;
    });
    return client;
  }
}

async function prepare(client: Client): Promise<void> {
  await refuseStandby(client);
  await keepLimits(client, LIMITS);
  await bind(client, ofHouse('timers'));
}
