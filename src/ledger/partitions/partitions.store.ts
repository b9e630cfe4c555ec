import { Client, type Notification } from 'pg';
import { bind, keepLimits, refuseStandby, types } from '../../platform/postgres/index.js';

export interface Held {
  readonly partition: number;
  readonly fence: number;
}

export const WAKE_CHANNEL = 'switchboard_wake';
/** Somebody came, went, or freed what others wait for: look now. */
const SHARE_CHANNEL = 'switchboard_share';

/** What is told over the connection, by others. */
export interface Hearers {
  /** Rows were committed in these partitions. */
  readonly woken: (partitions: string) => void;
  /** Leases are to be shared anew. */
  readonly shared: () => void;
}

const SEEN = `
  WITH gone AS (DELETE FROM process WHERE seen_at < clock_timestamp() - 20 * $2 * interval '1 ms' AND id <> $1)
  INSERT INTO process (id, seen_at, settings) VALUES ($1, clock_timestamp(), $3)
  ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at`;

const ALIVE = `SELECT count(*)::int AS n FROM process WHERE seen_at > clock_timestamp() - $1 * interval '1 ms'`;

const RENEW = `
  UPDATE lease l SET expires_at = clock_timestamp() + $2 * interval '1 ms'
  FROM unnest($3::smallint[], $4::bigint[]) AS h(partition, fence)
  WHERE l.partition = h.partition AND l.fence = h.fence AND l.owner = $1
  RETURNING l.partition::int, l.fence`;

/** Rows another process claims at this moment are skipped: it will have them. */
const CLAIM = `
  UPDATE lease l SET owner = $1, fence = l.fence + 1, expires_at = clock_timestamp() + $2 * interval '1 ms'
  FROM (SELECT partition FROM lease WHERE expires_at < clock_timestamp()
        ORDER BY partition LIMIT $3 FOR UPDATE SKIP LOCKED) free
  WHERE l.partition = free.partition
  RETURNING l.partition::int, l.fence`;

/** Keeps the fence: it must never be given twice. */
const RELEASE = `
  UPDATE lease l SET owner = NULL, expires_at = '-infinity'
  FROM unnest($2::smallint[], $3::bigint[]) AS h(partition, fence)
  WHERE l.partition = h.partition AND l.fence = h.fence AND l.owner = $1`;

/** Frees what a dead owner held, and takes it off the list of those that share. */
const BURY = `
  WITH gone AS (DELETE FROM process WHERE id = $1)
  UPDATE lease SET owner = NULL, expires_at = '-infinity' WHERE owner = $1`;

/** The leases' own connection: renewals must never wait behind the work they allow. It also listens for wakes. */
export class LeaseConnection {
  private constructor(
    private readonly client: Client,
    private readonly owner: string,
    private readonly leaseMs: number,
    private readonly settings: object,
  ) {}

  static async open(
    url: string,
    owner: string,
    leaseMs: number,
    hearers: Hearers,
    settings: object = {},
  ): Promise<LeaseConnection> {
    const client = new Client({
      connectionString: url,
      application_name: 'switchboard-leases',
      types,
      keepAlive: true,
      connectionTimeoutMillis: leaseMs,
      query_timeout: leaseMs,
    });
    client.on('error', () => undefined);
    client.on('notification', (heard) => tell(hearers, heard, client));
    try {
      await client.connect();
      await refuseStandby(client);
      await keepLimits(client, { statement_timeout: leaseMs });
      await bind(client);
      await client.query(`LISTEN ${WAKE_CHANNEL}; LISTEN ${SHARE_CHANNEL}`);
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
    return new LeaseConnection(client, owner, leaseMs, settings);
  }

  /** Shows that this process lives and wants its share. Answers how many do. */
  async seen(): Promise<number> {
    await this.client.query(SEEN, [this.owner, this.leaseMs, JSON.stringify(this.settings)]);
    const { rows } = await this.client.query<{ n: number }>(ALIVE, [this.leaseMs]);
    return Math.max(1, rows[0]?.n ?? 1);
  }

  /** One statement for all of them. Answers those that are still ours. */
  async renew(held: readonly Held[]): Promise<readonly Held[]> {
    if (held.length === 0) return [];
    return (await this.client.query<Held>(RENEW, [this.owner, this.leaseMs, ...columns(held)])).rows;
  }

  async claim(most: number): Promise<readonly Held[]> {
    if (most <= 0) return [];
    return (await this.client.query<Held>(CLAIM, [this.owner, this.leaseMs, most])).rows;
  }

  async release(held: readonly Held[]): Promise<void> {
    if (held.length > 0) await this.client.query(RELEASE, [this.owner, ...columns(held)]);
  }

  /** `owner` must be dead: whatever it held is free for others now. */
  async bury(owner: string): Promise<void> {
    await this.client.query(BURY, [owner]);
  }

  /** This process wants nothing any more: the others share among themselves. */
  async leave(): Promise<void> {
    await this.client.query('DELETE FROM process WHERE id = $1', [this.owner]);
    await this.share();
  }

  /** Asks the others to look now what is theirs, and not at their next turn. A hint: it may get lost. */
  async share(): Promise<void> {
    await this.client.query(`NOTIFY ${SHARE_CHANNEL}`);
  }

  close(): void {
    void this.client.end().catch(() => undefined);
  }
}

function tell(hearers: Hearers, { channel, payload, processId }: Notification, client: Client): void {
  if (channel === WAKE_CHANNEL) hearers.woken(payload ?? '');
  else if (processId !== (client as unknown as { processID: number }).processID) hearers.shared();
}

function columns(held: readonly Held[]): [number[], number[]] {
  return [held.map(({ partition }) => partition), held.map(({ fence }) => fence)];
}
