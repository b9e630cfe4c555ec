import { Client } from 'pg';
import { Subject } from 'rxjs';
import type { WebhookId } from '../../src/kernel/index.js';
import { PARTITIONS, partitionOf } from '../../src/kernel/index.js';
import { Partitions } from '../../src/ledger/index.js';
import type { WebhookConfig } from '../../src/platform/config/config.js';
import { newId } from '../../src/platform/ids.js';
import { Db } from '../../src/platform/postgres/index.js';
import { Metrics } from '../../src/platform/telemetry/index.js';
import { WebhookEngine } from '../../src/webhooks/engine.js';
import type { Endpoint } from '../../src/webhooks/sending/sender.js';

/** Retries that a test can wait for, five attempts, as in production; and time for a busy machine to answer in. */
export const QUICK: WebhookConfig = {
  allow: ['127.0.0.0/8'],
  timeoutMs: 5_000,
  retryDelaysMs: [0, 40, 80, 120, 160],
  maxInFlight: 16,
};

export const SECRET = '0123456789abcdef0123456789abcdef';

/** All 256 leases at once, taken and lost when the test says so; the fences lie in the real table. */
export class HeldPartitions extends Partitions {
  readonly gained = new Subject<ReadonlyMap<number, number>>();
  readonly lost = new Subject<readonly number[]>();
  readonly woken = new Subject<readonly number[]>();
  #fences = new Map<number, number>();

  constructor(private readonly url: string) {
    super();
  }

  fence(partition: number): number | null {
    return this.#fences.get(partition) ?? null;
  }

  wake(partitions: Iterable<number>): void {
    this.woken.next([...partitions]);
  }

  async takeAll(owner: string): Promise<void> {
    const rows = await query<{ partition: number; fence: string }>(
      this.url,
      'UPDATE lease SET owner = $1, fence = fence + 1 RETURNING partition, fence',
      [owner],
    );
    this.#fences = new Map(rows.map(({ partition, fence }) => [partition, Number(fence)]));
    this.gained.next(this.#fences);
  }

  /** The leases ran out and this process knows it. */
  loseAll(): void {
    this.#fences.clear();
    this.lost.next(Array.from({ length: PARTITIONS }, (_, partition) => partition));
  }
}

export interface LaneProcess {
  readonly partitions: HeldPartitions;
  readonly engine: WebhookEngine;
  readonly metrics: Metrics;
  stop(): Promise<void>;
}

/** What one process runs for webhooks, over the test's database. `endpoints` is looked up at every send. */
export function laneProcess(
  url: string,
  endpoints: ReadonlyMap<string, Endpoint>,
  config: Partial<WebhookConfig> = {},
  { sweeps = true } = {},
): LaneProcess {
  const db = new Db(url);
  const partitions = new HeldPartitions(url);
  const metrics = new Metrics();
  const find = async (ids: readonly WebhookId[]) =>
    new Map(ids.flatMap((id) => (endpoints.has(id) ? [[id, endpoints.get(id)!] as const] : [])));
  const engine = new WebhookEngine({
    db,
    partitions,
    config: { ...QUICK, ...config },
    find,
    metrics,
    sends: true,
    now: Date.now,
  });
  if (sweeps) engine.start();
  return {
    partitions,
    engine,
    metrics,
    stop: async () => {
      await engine.stop(1_000);
      await db.close();
    },
  };
}

export interface RowToInsert {
  readonly webhookId: string;
  readonly lane: string;
  readonly position: number;
  readonly filler?: string;
}

/** Undelivered rows, as a committer leaves them that crashed right behind its COMMIT. Answers their event ids. */
export async function insertDeliveries(url: string, rows: readonly RowToInsert[]): Promise<readonly string[]> {
  const events = rows.map(() => newId());
  await query(
    url,
    `INSERT INTO delivery (id, partition, app_id, webhook_id, lane, position, event_id, trigger, body, created_at, next_at)
     SELECT *, now(), now() FROM unnest($1::text[], $2::smallint[], $3::text[], $4::text[], $5::text[], $6::bigint[],
                                        $7::text[], $8::text[], $9::text[])`,
    [
      rows.map(() => newId()),
      rows.map(({ lane }) => partitionOf(lane)),
      rows.map(() => 'a'.repeat(24)),
      rows.map(({ webhookId }) => webhookId),
      rows.map(({ lane }) => lane),
      rows.map(({ position }) => position),
      events,
      rows.map(() => 'conversation:message'),
      rows.map((row, index) => bodyOf(row, events[index]!)),
    ],
  );
  return events;
}

function bodyOf({ webhookId, lane, position, filler = '' }: RowToInsert, id: string): string {
  return JSON.stringify({
    app: { id: 'a'.repeat(24) },
    webhook: { id: webhookId, version: 'v2' },
    events: [{ id, type: 'conversation:message', createdAt: '', payload: { lane, filler }, seq: position }],
  });
}

export interface DeliveryState {
  readonly webhook_id: string;
  readonly lane: string;
  readonly position: string;
  readonly attempts: number;
  readonly outcome: string | null;
  readonly last_error: string | null;
  readonly body: string;
}

export function deliveries(url: string): Promise<readonly DeliveryState[]> {
  return query<DeliveryState>(url, 'SELECT * FROM delivery ORDER BY webhook_id, lane, position', []);
}

export async function undone(url: string): Promise<number> {
  return (await deliveries(url)).filter(({ outcome }) => outcome === null).length;
}

export async function query<Row extends object>(url: string, text: string, values: readonly unknown[]): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}
