import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { Subject } from 'rxjs';
import { PARTITIONS } from '../../kernel/index.js';
import { newId } from '../../platform/ids.js';
import type { Db } from '../../platform/postgres/index.js';
import { Troubles } from '../../platform/telemetry/index.js';
import { Partitions } from './partitions.js';
import { Holdings } from './holdings.js';
import { LeaseConnection, WAKE_CHANNEL, type Held } from './partitions.store.js';

export interface LeaseOptions {
  readonly leaseMs: number;
  /** `false`: this process sends nothing itself, it only wakes the owners. */
  readonly wanted: boolean;
  /** What is told to processes that start beside this one; they refuse to when theirs contradict it. */
  readonly settings?: object;
}

const WAKE_EVERY_MS = 20;
/** While something is to be freed. */
const LOOK_MS = 20;
/** Our clock ends a lease this share of its length before the database does. */
const MARGIN = 0.2;

/**
 * Leases in PostgreSQL. Every third of a lease: shows that it lives, renews all it has in one statement, takes what is
 * free up to its fair share, gives up what is beyond. Who comes, goes or frees something asks the others to take such a
 * turn now, so that a partition changes hands in the time that its work under way needs. While it cannot renew, its own
 * deadline ends every lease before anybody else may take it.
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
  readonly #holdings = new Holdings();
  readonly #stopping = new AbortController();
  readonly #toWake = new Set<number>();
  #connection: LeaseConnection | null = null;
  #predecessor: string | null = null;
  #waking: NodeJS.Timeout | null = null;
  readonly #expiry: NodeJS.Timeout;
  #running: Promise<void> = Promise.resolve();
  /** Ends the rest before the next turn. */
  #called = new AbortController();

  constructor(
    private readonly db: Db,
    private readonly options: LeaseOptions,
  ) {
    super();
    this.#expiry = setInterval(() => this.forget(this.#holdings.expired()), options.leaseMs / 20);
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
    this.#called.abort();
    await this.#running;
    clearInterval(this.#expiry);
    if (this.#waking) clearTimeout(this.#waking);
    await this.notify();
    const held = this.#holdings.held();
    this.forget(held.map(({ partition }) => partition));
    try {
      await this.#connection?.release(held);
      await this.#connection?.leave();
    } catch {
      // PostgreSQL is away: the leases run out by themselves.
    }
    this.#connection?.close();
  }

  fence(partition: number): number | null {
    return this.#holdings.fence(partition);
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
      const until = started + everyMs;
      if (renewed) await this.rest(until).catch((error: unknown) => this.disconnect(error));
      else await this.wait(Math.min(250, everyMs));
    }
  }

  /** Until the next turn, or until it is asked for. What was given up is freed meanwhile. */
  private async rest(until: number): Promise<void> {
    const called = this.#called;
    do {
      await this.wait(this.#holdings.anyLeaving ? LOOK_MS : Math.max(LOOK_MS, until - performance.now()));
      await this.free();
    } while (performance.now() < until && !called.signal.aborted);
  }

  private async wait(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#called.signal }).catch(() => undefined);
  }

  private async turn(): Promise<true> {
    this.#called = new AbortController();
    const comes = this.#connection === null;
    const connection = (this.#connection ??= await this.connect());
    await this.bury(connection);
    await this.renew(connection);
    await this.free();
    const share = Math.ceil(PARTITIONS / (await connection.seen()));
    this.giveUp(this.#holdings.staying - share);
    const sent = performance.now();
    const claimed = await connection.claim(share - this.#holdings.staying);
    this.take(claimed, this.deadline(sent));
    if (comes && this.#holdings.staying < share) await connection.share();
    this.#troubles.over();
    return true;
  }

  private connect(): Promise<LeaseConnection> {
    const { leaseMs, settings } = this.options;
    const hearers = { woken: (payload: string) => this.hear(payload), shared: () => this.#called.abort() };
    return LeaseConnection.open(this.db.url, this.owner, leaseMs, hearers, settings);
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
    this.forget(this.#holdings.expired());
    const sent = performance.now();
    this.forget(this.#holdings.renewed(await connection.renew(this.#holdings.held()), this.deadline(sent)));
  }

  /** Freed behind what is under way. */
  private giveUp(surplus: number): void {
    const given = this.#holdings.giveUp(surplus, performance.now() + this.options.leaseMs / 3);
    if (given.length > 0) this.lost.next(given);
  }

  private async free(): Promise<void> {
    if (!this.#holdings.anyLeaving || this.#connection === null) return;
    const free = this.#holdings.toFree(this.underWay());
    if (free.length === 0) return;
    await this.#connection.release(free);
    this.forget(free.map(({ partition }) => partition));
    await this.#connection.share();
  }

  private take(claimed: readonly Held[], deadline: number): void {
    if (claimed.length === 0) return;
    this.#holdings.take(claimed, deadline);
    this.gained.next(new Map(claimed.map(({ partition, fence }) => [partition, fence])));
  }

  /** The database counts from when it got the statement, which is later than `sent`. */
  private deadline(sent: number): number {
    return sent + this.options.leaseMs * (1 - MARGIN);
  }

  private forget(partitions: readonly number[]): void {
    const stayed = this.#holdings.forget(partitions);
    if (stayed.length > 0) this.lost.next(stayed);
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
