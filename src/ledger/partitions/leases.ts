import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { Subject } from 'rxjs';
import { PARTITIONS } from '../../kernel/index.js';
import { newId } from '../../platform/ids.js';
import type { Db } from '../../platform/postgres/index.js';
import { Troubles } from '../../platform/telemetry/index.js';
import { Partitions } from './partitions.js';
import { LeaseConnection, WAKE_CHANNEL, type Held } from './partitions.store.js';

export interface LeaseOptions {
  readonly leaseMs: number;
  /** `false`: this process sends nothing itself, it only wakes the owners. */
  readonly wanted: boolean;
  /** What is told to processes that start beside this one; they refuse to when theirs contradict it. */
  readonly settings?: object;
}

interface Own {
  readonly fence: number;
  /** By `performance.now()`: nothing is sent after it. */
  deadline: number;
  /** Given up, but not yet free: what is under way may end under the old fence. */
  leaving: boolean;
}

const WAKE_EVERY_MS = 20;
/** Our clock ends a lease this share of its length before the database does. */
const MARGIN = 0.2;

/**
 * Leases in PostgreSQL. Every third of a lease: shows that it lives, renews all it has in one statement, takes what is
 * free up to its fair share, gives up what is beyond. While it cannot renew, its own deadline ends every lease before
 * anybody else may take it.
 */
export class LeasedPartitions extends Partitions {
  readonly owner: string = newId();
  readonly gained = new Subject<ReadonlyMap<number, number>>();
  readonly lost = new Subject<readonly number[]>();
  readonly woken = new Subject<readonly number[]>();
  readonly #troubles = new Troubles(LeasedPartitions.name, {
    fails: 'leases cannot be renewed; what this process sends stops when they run out',
    over: 'leases are renewed again',
  });
  readonly #own = new Map<number, Own>();
  readonly #stopping = new AbortController();
  readonly #toWake = new Set<number>();
  #connection: LeaseConnection | null = null;
  #predecessor: string | null = null;
  #waking: NodeJS.Timeout | null = null;
  readonly #expiry: NodeJS.Timeout;
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: Db,
    private readonly options: LeaseOptions,
  ) {
    super();
    this.#expiry = setInterval(() => this.forgetExpired(), options.leaseMs / 20);
    this.#expiry.unref();
  }

  /** Tells of an owner that is known to be dead: nobody has to wait for its leases to run out. Call it before `start`. */
  succeed(predecessor: string): void {
    this.#predecessor = predecessor;
  }

  /** Begins to take partitions. Subscribe before it. */
  start(): void {
    if (this.options.wanted) this.#running = this.run();
  }

  /** Call it when whoever sends has drained. Frees every lease, so that a successor starts at once. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    clearInterval(this.#expiry);
    if (this.#waking) clearTimeout(this.#waking);
    await this.notify();
    const held = this.held();
    this.forget([...this.#own.keys()]);
    try {
      await this.#connection?.release(held);
      await this.#connection?.leave();
    } catch {
      // PostgreSQL is away: the leases run out by themselves.
    }
    this.#connection?.close();
  }

  fence(partition: number): number | null {
    const own = this.#own.get(partition);
    return own === undefined || own.leaving || performance.now() >= own.deadline ? null : own.fence;
  }

  wake(partitions: Iterable<number>): void {
    for (const partition of partitions) this.#toWake.add(partition);
    if (this.#toWake.size > 0) this.#waking ??= setTimeout(() => void this.notify(), WAKE_EVERY_MS);
  }

  private async run(): Promise<void> {
    const { signal } = this.#stopping;
    const everyMs = this.options.leaseMs / 3;
    while (!signal.aborted) {
      const started = performance.now();
      const renewed = await this.turn().catch((error: unknown) => this.disconnect(error));
      const restMs = renewed ? everyMs - (performance.now() - started) : Math.min(250, everyMs);
      await pause(Math.max(10, restMs), undefined, { signal }).catch(() => undefined);
    }
  }

  private async turn(): Promise<true> {
    const connection = (this.#connection ??= await this.connect());
    await this.bury(connection);
    await this.renew(connection);
    await this.releaseLeft(connection);
    const share = Math.ceil(PARTITIONS / (await connection.seen()));
    this.giveUp(this.#own.size - share);
    const sent = performance.now();
    const claimed = await connection.claim(share - this.#own.size);
    this.take(claimed, this.deadline(sent));
    this.#troubles.over();
    return true;
  }

  private connect(): Promise<LeaseConnection> {
    const { leaseMs, settings } = this.options;
    return LeaseConnection.open(this.db.url, this.owner, leaseMs, (payload) => this.hear(payload), settings);
  }

  private disconnect(error: unknown): false {
    if (!this.#stopping.signal.aborted) this.#troubles.failed(error);
    this.#connection?.close();
    this.#connection = null;
    return false;
  }

  private async bury(connection: LeaseConnection): Promise<void> {
    if (this.#predecessor === null) return;
    await connection.bury(this.#predecessor);
    this.#predecessor = null;
  }

  private async renew(connection: LeaseConnection): Promise<void> {
    this.forgetExpired();
    const sent = performance.now();
    const renewed = new Map((await connection.renew(this.held())).map(({ partition, fence }) => [partition, fence]));
    const gone: number[] = [];
    for (const [partition, own] of this.#own) {
      if (renewed.get(partition) === own.fence) own.deadline = this.deadline(sent);
      else gone.push(partition);
    }
    this.forget(gone);
  }

  /** The next turn frees them: until then what is under way may end and be written. */
  private giveUp(surplus: number): void {
    if (surplus <= 0) return;
    const leaving = [...this.#own].filter(([, own]) => !own.leaving).slice(-surplus);
    for (const [, own] of leaving) own.leaving = true;
    if (leaving.length > 0) this.lost.next(leaving.map(([partition]) => partition));
  }

  private async releaseLeft(connection: LeaseConnection): Promise<void> {
    const left = [...this.#own].filter(([, own]) => own.leaving);
    await connection.release(left.map(([partition, { fence }]) => ({ partition, fence })));
    for (const [partition] of left) this.#own.delete(partition);
  }

  private take(claimed: readonly Held[], deadline: number): void {
    if (claimed.length === 0) return;
    for (const { partition, fence } of claimed) this.#own.set(partition, { fence, deadline, leaving: false });
    this.gained.next(new Map(claimed.map(({ partition, fence }) => [partition, fence])));
  }

  private held(): readonly Held[] {
    return [...this.#own].map(([partition, { fence }]) => ({ partition, fence }));
  }

  /** The database counts from when it got the statement, which is later than `sent`. */
  private deadline(sent: number): number {
    return sent + this.options.leaseMs * (1 - MARGIN);
  }

  private forgetExpired(): void {
    const now = performance.now();
    this.forget([...this.#own].filter(([, own]) => now >= own.deadline).map(([partition]) => partition));
  }

  private forget(partitions: readonly number[]): void {
    const known = partitions.filter((partition) => this.#own.get(partition)?.leaving === false);
    for (const partition of partitions) this.#own.delete(partition);
    if (known.length > 0) this.lost.next(known);
  }

  private hear(payload: string): void {
    const ours = payload
      .split(',')
      .map(Number)
      .filter((partition) => this.fence(partition) !== null);
    if (ours.length > 0) this.woken.next(ours);
  }

  /** A wake is a hint: one that gets lost costs its owner a second, until the next sweep. */
  private async notify(): Promise<void> {
    this.#waking = null;
    if (this.#toWake.size === 0) return;
    const payload = [...this.#toWake].join(',');
    this.#toWake.clear();
    await sql`SELECT pg_notify(${WAKE_CHANNEL}, ${payload})`.execute(this.db.as('relay').kysely).catch(() => undefined);
  }
}
