import { setTimeout as pause } from 'node:timers/promises';
import { Subscription, interval, type Observable } from 'rxjs';
import { StreamRefusedError } from '../../platform/nats/index.js';
import { Troubles } from '../../platform/telemetry/index.js';
import type { Line } from './line.js';
import { Lines, type LineLimits } from './lines.js';
import { Marks } from './marks.js';
import { NO_RELAY_METRICS, type RelayMetrics } from './metrics.js';
import { Search, type Found } from './search.js';
import type { OutboxStore } from './outbox.store.js';
import {
  standsFirm,
  verifyStream,
  type Acknowledged,
  type Published,
  type Publisher,
  type Verified,
} from './stream.js';
import type { OutboxRow } from './writer.js';
import type { Partitions } from '../partitions/partitions.js';

export interface RelayOptions extends LineLimits {
  readonly stream: string;
  /** This process as the leases know it: results count only while it is the owner. */
  readonly owner: string;
  /** Lines with publishes on their way at once. */
  readonly maxInFlight: number;
  /** Acknowledged rows that wait for their mark; beyond it nothing more is sent. */
  readonly maxUnmarked: number;
}

export const RELAY_DEFAULTS = {
  stream: 'SWITCHBOARD',
  rows: 10_000,
  lines: 20_000,
  maxInFlight: 256,
  maxUnmarked: 2_000,
};

interface Session extends Verified {
  readonly publisher: Publisher;
  /** Every new message must be stored behind it. */
  lastSeq: number;
}

/** A row's number in the stream; `disturbed`: not stored, another one came between; `unknown`: nobody said. */
type Fate = number | 'disturbed' | 'unknown';

const SWEEP_MS = 1_000;
const RETRY_MS = 500;
/** A stream that is lost while nobody says anything is found by looking. */
const LOOK_AT_STREAM_MS = 5_000;

/**
 * Publishes the outbox. Rows come from memory where this process committed them, and from the table, which a sweep reads
 * each second: the truth. Of a conversation each message is stored directly behind the one before it, else after its
 * acknowledgement, and a row is marked published only under the fence it was sent under. While NATS is away nothing is
 * read or sent: rows wait in the table.
 */
export class OutboxRelay {
  readonly #unverified = new Troubles(OutboxRelay.name, {
    fails: 'the stream cannot be looked at or made; events wait in the outbox',
    over: 'the stream is there again',
  });
  readonly #unacknowledged = new Troubles(OutboxRelay.name, {
    fails: 'the stream does not acknowledge events; they are sent again',
    over: 'the stream acknowledges events again',
  });
  readonly #lines: Lines;
  readonly #ready = new Set<Line>();
  readonly #search: Search;
  readonly #marks: Marks;
  readonly #subscription = new Subscription();
  #publisher: Publisher | null = null;
  #session: Session | null = null;
  #stored: Acknowledged | null = null;
  #generation = 0;
  /** Lines with publishes on their way. */
  readonly #sending = new Set<Line>();
  #closed = false;

  constructor(
    private readonly store: OutboxStore,
    private readonly partitions: Partitions,
    private readonly publishers: Observable<Publisher | null>,
    private readonly options: RelayOptions,
    private readonly metrics: RelayMetrics = NO_RELAY_METRICS,
  ) {
    this.#lines = new Lines(options);
    this.#search = new Search(store, partitions, (found) => this.merge(found));
    const holds = (partition: number, fence: number) => partitions.fence(partition) === fence;
    this.#marks = new Marks(
      store,
      options.owner,
      options.stream,
      holds,
      () => this.pump(),
      () => void this.askMark(),
    );
  }

  start(): void {
    const { partitions } = this;
    this.#subscription.add(this.publishers.subscribe((publisher) => this.connect(publisher)));
    partitions.workedOnBy(() => this.underWay());
    this.#subscription.add(partitions.lost.subscribe((lost) => this.#lines.forgetPartitions(new Set(lost))));
    this.#subscription.add(partitions.gained.subscribe((gained) => this.look(gained.keys())));
    this.#subscription.add(partitions.woken.subscribe((woken) => this.look(woken)));
    this.#subscription.add(interval(LOOK_AT_STREAM_MS).subscribe(() => void this.lookAtStream()));
    this.#subscription.add(interval(SWEEP_MS).subscribe(() => this.look(this.partitions.owned())));
  }

  /** Rows this process has committed. Those of partitions held elsewhere wake their owners. */
  handOver(rows: readonly OutboxRow[]): void {
    const elsewhere = new Set<number>();
    for (const row of rows) {
      const fence = this.partitions.fence(row.partition);
      if (fence === null) elsewhere.add(row.partition);
      else if (this.#session && !this.#closed) this.accept(row, fence);
    }
    // Behind all of them: what one commit says of a conversation leaves together.
    this.pump();
    if (elsewhere.size > 0) this.partitions.wake(elsewhere);
  }

  /** Sends nothing new; waits for what is on its way and its marks. What stays unpublished, the next owner publishes. */
  async drain(deadlineMs: number): Promise<void> {
    this.#closed = true;
    this.#subscription.unsubscribe();
    const deadline = performance.now() + deadlineMs;
    while (this.#sending.size + this.#marks.waiting > 0 && performance.now() < deadline) await pause(10);
  }

  private *underWay(): Generator<number> {
    for (const { partition } of this.#sending) yield partition;
    yield* this.#marks.partitions();
  }

  private look(partitions: Iterable<number>): void {
    if (this.#session && !this.#closed && this.#lines.hasRoom) this.#search.inPartitions(partitions);
  }

  private accept(row: OutboxRow, fence: number): void {
    if (!this.#lines.hasRoom) return;
    const line = this.#lines.of(row.conversationId, row.partition, fence);
    if (this.#lines.follow(line, row)) return this.queue(line);
    line.behind = true;
    this.#search.inConversation(line.conversationId, line.partition);
  }

  private merge({ conversationId, partition, fence, rows, more }: Found): void {
    if (!this.#session) return;
    const line = this.#lines.of(conversationId, partition, fence);
    line.behind = more;
    this.#lines.merge(line, rows);
    this.offer(line);
  }

  private queue(line: Line): void {
    if (!line.busy && !this.#closed && line.head) this.#ready.add(line);
  }

  private offer(line: Line): void {
    this.queue(line);
    this.pump();
  }

  private pump(): void {
    const { maxInFlight, maxUnmarked } = this.options;
    for (const line of this.#ready) {
      if (!this.#session || this.#sending.size >= maxInFlight || this.#marks.waiting >= maxUnmarked) return;
      this.#ready.delete(line);
      void this.send(line, this.#session);
    }
    if (this.#search.unfinished && this.#lines.rows < this.options.rows / 4) this.look(this.partitions.owned());
  }

  private async send(line: Line, session: Session): Promise<void> {
    const rows = line.front;
    if (rows.length === 0 || !this.#lines.knows(line)) return;
    if (this.partitions.fence(line.partition) !== line.fence) return this.#lines.forget(line);
    line.busy = true;
    this.#sending.add(line);
    const fates = await Promise.all(rows.map((row, at) => this.publish(session, row, rows[at - 1] ?? null)));
    this.#sending.delete(line);
    line.busy = false;
    // What one session was told says nothing in the next: the stream may have gone back between two of these.
    const fault = session === this.#session ? this.acknowledge(line, rows, fates) : 'unknown';
    line.disturbed = fault === 'disturbed';
    if (fault === 'unknown') return this.again(line, session);
    if (!line.head && line.behind) this.#search.inConversation(line.conversationId, line.partition);
    this.offer(line);
  }

  /** The row's number in the stream. */
  private async publish(session: Session, row: OutboxRow, before: OutboxRow | null): Promise<Fate> {
    const { subject, eventId, body } = row;
    try {
      const published = await session.publisher.publish(subject, eventId, body, before?.eventId ?? null);
      if (published === null) return 'disturbed';
      return this.counts(session, published, row) ? published.seq : 'unknown';
    } catch (error) {
      // A connection that is lost tells of itself.
      if (session !== this.#session) return 'unknown';
      this.#unacknowledged.failed(error, { subject });
      this.metrics.unacknowledged(error);
      return 'unknown';
    }
  }

  /** An acknowledgement at or before the last one says that the stream went back under us. */
  private counts(session: Session, { seq, duplicate }: Published, row: OutboxRow): boolean {
    if (session !== this.#session) return false;
    if (duplicate) return true;
    if (seq <= session.lastSeq) return false;
    this.#unacknowledged.over();
    session.lastSeq = seq;
    this.#stored = { seq, id: row.eventId, generation: session.generation };
    return true;
  }

  /** Up to the first that was not stored, as far as we know; answers why. */
  private acknowledge(line: Line, rows: readonly OutboxRow[], fates: readonly Fate[]): Fate | null {
    for (const [at, fate] of fates.entries()) {
      if (typeof fate === 'string') return fate;
      this.metrics.published();
      this.#marks.add({ row: rows[at]!, fence: line.fence, streamSeq: fate });
      this.#lines.acknowledged(line);
    }
    return null;
  }

  private again(line: Line, session: Session): void {
    this.metrics.retried();
    this.suspect(session);
    setTimeout(() => this.offer(line), RETRY_MS).unref();
  }

  private connect(publisher: Publisher | null): void {
    this.#publisher = publisher;
    this.#session = null;
    if (publisher) void this.verify(publisher);
  }

  /** Nothing is sent until the stream was looked at. */
  private suspect(session: Session | null): void {
    if (session === null || session !== this.#session) return;
    this.#session = null;
    void this.verify(session.publisher);
  }

  /** An error here is the connection's, which tells of itself, unless NATS has taken the stream away. */
  private async lookAtStream(): Promise<void> {
    const session = this.#session;
    if (session === null) return;
    const { stream } = this.options;
    const firm = await standsFirm(this.store, session.publisher, stream, this.#stored, session.generation).catch(
      (error: unknown) => !(error instanceof StreamRefusedError),
    );
    if (!firm) this.suspect(session);
  }

  private async verify(publisher: Publisher): Promise<void> {
    while (publisher === this.#publisher && !this.#closed) {
      try {
        const verified = await verifyStream(this.store, publisher, this.options.stream, this.#stored, (rows) =>
          this.metrics.rewound(rows),
        );
        if (publisher === this.#publisher) this.begin(publisher, verified);
        this.#unverified.over();
        this.metrics.ready(null);
        return;
      } catch (error) {
        if (publisher === this.#publisher) this.cannot(error);
        await pause(RETRY_MS);
      }
    }
  }

  private cannot(error: unknown): void {
    this.#unverified.failed(error);
    this.metrics.ready(error);
  }

  private begin(publisher: Publisher, verified: Verified): void {
    if (verified.generation !== this.#generation) this.forgetAll(verified.generation);
    this.#session = { ...verified, publisher };
    this.look(this.partitions.owned());
    this.pump();
  }

  /** The stream went back: what memory says was acknowledged may be lost; the table knows. */
  private forgetAll(generation: number): void {
    this.#generation = generation;
    this.#marks.begin(generation);
    this.#search.forget();
    this.#lines.clear();
    this.#ready.clear();
  }

  private async askMark(): Promise<void> {
    const mark = await this.store.mark(this.options.stream).catch(() => null);
    if (mark && mark.generation !== this.#generation) this.suspect(this.#session);
  }
}
