import type { WebhookId } from '../../kernel/index.js';
import type { Partitions } from '../../ledger/index.js';
import { errorOf, type Attempted, type Attempts } from './attempts.js';
import { Batch } from '../../platform/postgres/index.js';
import { PAGE, type Delivery, type DeliveryStore, type LaneKey } from './delivery.store.js';
import { EndpointGate } from './endpoint-gate.js';
import type { Endpoints } from '../sending/endpoints.js';
import { Lane, nameOf } from './lane.js';
import { lanesLog } from './log.js';
import { RestingRoom } from './resting-room.js';
import type { Results } from './results.js';
import { OtherUntaken, stalledLanes, type Stalled } from './untaken.js';

/** What a turn left: results on their way to the table, and when the lane wants its next turn. */
interface Turn {
  readonly written: readonly Promise<boolean>[];
  /** Before the next turn; 0: at once. */
  readonly restMs: number;
  /** The table may hold more. */
  readonly more: boolean;
}

/**
 * Sends deliveries, one after another per lane, many lanes at once. The table is the truth; memory knows only which
 * lanes have work. A lane takes a turn at its endpoint: reads a page of undelivered rows, sends them in order and stops
 * at the first that is neither answered 2xx nor buried. Its next page is read once its results are written, so nothing
 * is sent twice in one lease.
 */
export class Lanes {
  readonly #told = lanesLog();
  readonly #lanes = new Map<string, Lane>();
  readonly #gates = new Map<WebhookId, EndpointGate>();
  readonly #resting = new RestingRoom<EndpointGate>();
  readonly #pages: Batch<LaneKey, readonly Delivery[]>;
  /** Turns under way, until their results are written. */
  readonly #turns = new Map<Lane, Promise<void>>();
  readonly #others = new OtherUntaken();
  #closed = false;

  constructor(
    store: DeliveryStore,
    private readonly partitions: Partitions,
    private readonly endpoints: Endpoints,
    private readonly attempts: Attempts,
    private readonly results: Results,
    private readonly maxInFlight: number,
  ) {
    this.#pages = new Batch((keys) => store.pages(keys), 100);
    partitions.workedOnBy(() => this.underWay());
  }

  /** Rows of this lane were committed. Without room it is left to the sweep. */
  touch(key: LaneKey): void {
    const known = this.found(key);
    // Control may have come to its receiver just now: then the deadline runs from here.
    if (known) known.beginWaiting();
    else this.#others.add(key, null, performance.now());
  }

  /** Rows of this lane are known to lie in the table. Answers the lane, or `null` when there is no room for it. */
  found(key: LaneKey): Lane | null {
    const known = this.#lanes.get(nameOf(key));
    if (known === undefined) return this.admit(new Lane(key));
    known.touched = true;
    return known;
  }

  /** What receivers have not taken for so long at least, and whose deadline is not written yet. */
  *stalled(forMs: number): Generator<Stalled> {
    // A receiver that takes what others are sent is alive: who has not been tried yet waits for us, not for it.
    yield* stalledLanes(this.#lanes.values(), forMs, ({ tried, key }) =>
      tried ? 0 : this.gate(key.webhookId).takenAt,
    );
    yield* this.#others.stalled(forMs);
  }

  /** Before the deadline of a receiver comes it is tried once more, however long its lane would rest. */
  tryOnceMore(key: LaneKey, inMs: number): void {
    const lane = this.#lanes.get(nameOf(key));
    if (!lane) return;
    lane.lastTryAt = performance.now() + inMs;
    if (!lane.rest) return;
    clearTimeout(lane.rest);
    this.rest(lane, Math.max(0, lane.restUntil - performance.now()));
  }

  /** Lanes whose receiver did not take the head, until their next attempt is due. */
  *resting(): Generator<Lane> {
    for (const lane of this.#lanes.values()) if (lane.rest) yield lane;
  }

  /** Tries the head of a resting lane now, beside its schedule. */
  tryNow(lane: Lane): void {
    if (!lane.rest || this.#closed) return;
    clearTimeout(lane.rest);
    [lane.rest, lane.lastTry] = [null, true];
    this.enqueue(lane);
  }

  /** Partitions that are ours no longer: nothing more is sent from here, what is under way will not be written. */
  lose(partitions: ReadonlySet<number>): void {
    for (const lane of this.#lanes.values()) {
      if (partitions.has(lane.key.partition)) this.dismiss(lane);
    }
    this.#others.lose(partitions);
  }

  /** Begins nothing new and waits for attempts under way and their results, up to the deadline. */
  async drain(deadlineMs: number): Promise<void> {
    this.#closed = true;
    for (const lane of this.#lanes.values()) if (lane.rest) clearTimeout(lane.rest);
    await Promise.race([
      Promise.allSettled(this.#turns.values()),
      new Promise((resolve) => setTimeout(resolve, deadlineMs).unref()),
    ]);
  }

  private *underWay(): Generator<number> {
    for (const { key } of this.#turns.keys()) yield key.partition;
  }

  private admit(lane: Lane): Lane | null {
    const gate = this.gate(lane.key.webhookId);
    if (this.#closed || !gate.hasRoom) return null;
    gate.admit();
    this.#lanes.set(nameOf(lane.key), lane);
    this.enqueue(lane);
    return lane;
  }

  private dismiss(lane: Lane): void {
    if (lane.lost) return;
    lane.lost = true;
    if (lane.rest) clearTimeout(lane.rest);
    this.#lanes.delete(nameOf(lane.key));
    this.gate(lane.key.webhookId).dismiss(lane);
  }

  private enqueue(lane: Lane): void {
    const gate = this.gate(lane.key.webhookId);
    gate.enqueue(lane);
    this.pump(gate);
  }

  private pump(gate: EndpointGate): void {
    for (let lane = gate.next(); lane !== null; lane = gate.next()) {
      const turn: Promise<void> = this.take(lane, gate).finally(() => {
        if (this.#turns.get(lane) === turn) this.#turns.delete(lane);
      });
      this.#turns.set(lane, turn);
    }
  }

  private async take(lane: Lane, gate: EndpointGate): Promise<void> {
    const turn = await this.turn(lane, gate).catch((error: unknown) => this.#told.failed(lane.key, error));
    gate.turnOver();
    this.pump(gate);
    const written = turn !== null && (await Promise.all(turn.written)).every(Boolean);
    if (lane.lost) return;
    // PostgreSQL was away, or the fence is over: forget it; the sweep brings back what is ours.
    if (!written) return this.dismiss(lane);
    this.#told.went(lane.key);
    if (turn.restMs > 0) this.restOrLeave(lane, turn.restMs, gate);
    else if (turn.more || lane.touched) this.enqueue(lane);
    else this.dismiss(lane);
  }

  /** Without room it is left to the sweep, which finds it while it has something; its receiver's deadline runs on. */
  private restOrLeave(lane: Lane, forMs: number, gate: EndpointGate): void {
    if (gate.rest(lane, (other) => this.leave(other))) this.rest(lane, forMs);
    else this.leave(lane);
  }

  private leave(lane: Lane): void {
    if (lane.waitingSince !== null) this.#others.add(lane.key, null, lane.waitingSince);
    this.dismiss(lane);
  }

  private rest(lane: Lane, forMs: number): void {
    if (this.#closed) return;
    const now = performance.now();
    lane.restUntil = now + forMs;
    const early = lane.lastTryAt === null ? Infinity : Math.max(0, lane.lastTryAt - now);
    lane.rest = setTimeout(
      () => {
        lane.rest = null;
        if (early < forMs) [lane.lastTry, lane.lastTryAt] = [true, null];
        this.enqueue(lane);
      },
      Math.min(forMs, early),
    );
    lane.rest.unref();
  }

  private async turn(lane: Lane, gate: EndpointGate): Promise<Turn | null> {
    if (lane.lost || this.#closed) return null;
    [lane.touched, lane.empty] = [false, false];
    const page = await this.#pages.add(lane.key);
    const written: Promise<boolean>[] = [];
    for (const delivery of page) {
      if (delivery.attempts > 0) lane.tried = true;
      const extra = delivery.waitMs > 0 && lane.lastTry;
      lane.lastTry = false;
      if (delivery.waitMs > 0 && !extra) return { written, restMs: delivery.waitMs, more: true };
      const endpoint = await this.endpoints.of(lane.key.webhookId);
      const fence = this.partitions.fence(lane.key.partition);
      if (fence === null || lane.lost || this.#closed) return { written, restMs: 0, more: true };
      lane.beginTrying(gate.takenAt);
      const anew = () => this.endpoints.anew(lane.key.webhookId);
      const attempted = await this.attempts.make(delivery, endpoint, anew, extra);
      gate.observe(attempted.timedOut);
      written.push(this.results.add({ ...outcomeOf(delivery, attempted), partition: lane.key.partition, fence }));
      const { verdict } = attempted;
      if (verdict.verdict === 'retry') {
        lane.refusedAt = endpoint;
        return { written, restMs: verdict.afterMs, more: true };
      }
      if (verdict.verdict === 'buried') {
        this.#told.buried(lane.key, delivery, verdict.why);
        this.#others.add(lane.key, delivery.id, lane.waitingSince ?? performance.now());
      } else {
        this.#told.delivered(lane.key);
        gate.takenAt = performance.now();
      }
      [lane.waitingSince, lane.tried, lane.refusedAt] = [performance.now(), false, null];
    }
    lane.empty = page.length < PAGE && !lane.touched;
    return { written, restMs: 0, more: page.length === PAGE };
  }

  private gate(webhookId: WebhookId): EndpointGate {
    const gate = this.#gates.get(webhookId) ?? new EndpointGate(this.maxInFlight, this.#resting);
    this.#gates.set(webhookId, gate);
    return gate;
  }
}

function outcomeOf({ id }: Delivery, { verdict, attempts, tookMs }: Attempted) {
  return {
    id,
    attempts,
    tookMs,
    outcome: verdict.verdict === 'retry' ? null : verdict.verdict === 'delivered' ? 'delivered' : verdict.why,
    error: errorOf(verdict),
    waitMs: verdict.verdict === 'retry' ? verdict.afterMs : 0,
  };
}
