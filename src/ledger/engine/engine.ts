import { requestInHand } from '../../platform/telemetry/index.js';
import type { Book, Decided, Queued, RowWriter } from '../book.js';
import { isLostRace, outcomeUnknown, remedyFor, unavailable } from './failure.js';
import { fateOf } from './fate.js';
import { Group, type Ending } from './group.js';
import { Ledger } from '../ledger.js';
import type { OpenLink } from './link.js';
import { NO_LOG, type LedgerLog } from './log.js';
import { Members, type Member } from './members.js';
import { NO_METRICS, type LedgerMetrics } from './metrics.js';
import type { QueueLimits } from './queue.js';
import { stalledAmong } from './stalled.js';
import { Writer } from './writer.js';

export interface LedgerOptions extends QueueLimits {
  /** Writer connections; one more is kept for commands whose rows are held. */
  readonly writers: number;
  /** How long a command waits while PostgreSQL cannot be reached. */
  readonly outageMs: number;
  /** How long a command waits for a row that somebody else holds. */
  readonly stalledMs: number;
  /** How long the engine asks what became of a COMMIT without an answer. */
  readonly fateMs: number;
}

export const LEDGER_DEFAULTS: LedgerOptions = {
  writers: 2,
  maxGroup: 64,
  maxGroupBytes: 256 * 1024,
  maxWaitingPerCaller: 32,
  maxQueued: 10_000,
  outageMs: 2_000,
  stalledMs: 5_000,
  fateMs: 4_000,
};

const WATCH_MS = 100;
const GATHER_MS = 2;
const GONE = 'The database cannot be reached. Nothing happened.';
const EXHAUSTED = 'The database has run out of disk, memory or connections. Nothing happened.';
const HELD = 'Somebody else holds what this command needs. Nothing happened.';
const LEAVING = 'The server is shutting down. Nothing happened.';

/** Runs groups on the writer connections and knows what to do when one fails. Its words are in `book.ts`. */
export class LedgerEngine<Command extends Queued, Loaded, Entry extends Decided> extends Ledger<Command, Entry> {
  private readonly members: Members<Command>;
  private readonly workers: readonly Writer[];
  /** Runs those alone whose rows are held, so that nobody else waits for them. */
  private readonly patient: Writer;
  private stalled: Member<Command>[] = [];
  private downSince: number | null = performance.now();
  private pumping = false;
  private lastGroup = 0;
  private gathering: NodeJS.Timeout | undefined;
  private leaving = false;
  private readonly watch: NodeJS.Timeout;

  constructor(
    private readonly book: Book<Command, Loaded, Entry>,
    private readonly rowWriters: readonly RowWriter<Entry>[],
    private readonly open: OpenLink,
    private readonly options: LedgerOptions = LEDGER_DEFAULTS,
    private readonly metrics: LedgerMetrics = NO_METRICS,
    private readonly log: LedgerLog<Command> = NO_LOG,
  ) {
    super();
    this.members = new Members(options, metrics);
    const writer = (): Writer =>
      new Writer(
        open,
        () => this.linksChanged(),
        (error) => log.unreachable(error),
      );
    this.workers = Array.from({ length: options.writers }, writer);
    this.patient = writer();
    for (const each of [...this.workers, this.patient]) void each.connect();
    this.watch = setInterval(() => this.look(), WATCH_MS);
    this.watch.unref();
  }

  submit(command: Command): Promise<Entry['answer']> {
    if (this.leaving) return Promise.reject(unavailable(LEAVING));
    if (this.isDown()) return Promise.reject(unavailable(GONE));
    return new Promise((answer, refuse) => {
      const since = performance.now();
      const request = requestInHand();
      const refusal = this.members.admit({ command, since, answer, refuse, returns: 0, request, halved: false });
      if (refusal !== null) refuse(refusal);
      else this.pump();
    });
  }

  async drain(deadlineMs: number): Promise<void> {
    this.leaving = true;
    await this.members.empty(deadlineMs);
    clearInterval(this.watch);
    this.members.close(unavailable(LEAVING));
    for (const writer of [...this.workers, this.patient]) writer.close();
    this.members.refuse(this.stalled.splice(0), unavailable(LEAVING));
  }

  /** Whatever comes in during one turn of the event loop goes together. */
  private pump(): void {
    if (this.pumping) return;
    this.pumping = true;
    setImmediate(() => {
      this.pumping = false;
      if (this.isWorthAGroup()) this.start();
      else if (this.members.waiting > 0) this.gathering ??= setTimeout(() => this.start(), GATHER_MS);
    });
  }

  private start(): void {
    clearTimeout(this.gathering);
    this.gathering = undefined;
    for (const worker of this.workers) if (worker.idle && this.members.waiting > 0) void this.work(worker);
  }

  /**
   * A group costs two trips, however small. While another one is under way few commands gain little by going at once:
   * they gather to half of what the last group carried, or for a moment. With no group under way nobody waits.
   */
  private isWorthAGroup(): boolean {
    const { waiting } = this.members;
    if (waiting === 0) return false;
    return waiting >= this.lastGroup / 2 || !this.workers.some((worker) => worker.busy);
  }

  private async work(worker: Writer): Promise<void> {
    worker.busy = true;
    while (worker.link?.alive === true) {
      const members = this.members.take();
      if (members.length === 0) break;
      this.lastGroup = members.length;
      await this.runAll(worker, members);
    }
    worker.busy = false;
    if (this.members.waiting > 0) this.pump();
  }

  private async runAll(worker: Writer, members: Member<Command>[]): Promise<void> {
    const todo = [members];
    for (let group = todo.pop(); group !== undefined; group = todo.pop()) todo.push(...(await this.run(worker, group)));
  }

  /** One transaction for these members. Returns the groups that are to be run in their place. */
  private async run(worker: Writer, members: Member<Command>[]): Promise<Member<Command>[][]> {
    const link = worker.link ?? (await worker.linked(this.options.outageMs));
    if (link === null) return this.putBack(members);
    const started = performance.now();
    const commands = members.map((member) => member.command);
    const behind = (of: number): Iterable<Command> => this.members.behind(members[of] as Member<Command>);
    const ending = await new Group(link, this.book, this.rowWriters, commands, behind).run();
    this.metrics.group(members.length, performance.now() - started);
    switch (ending.kind) {
      case 'committed':
        return this.settle(members, ending);
      case 'unknown':
        void this.findOut(members, ending);
        return [];
      case 'rolled_back':
        return this.recover(worker, members, ending.error);
    }
  }

  private async recover(worker: Writer, members: Member<Command>[], error: unknown): Promise<Member<Command>[][]> {
    const remedy = remedyFor(error);
    this.metrics.retried(remedy);
    switch (remedy) {
      case 'requeue':
        return this.putBack(this.members.worthAnother(members, error));
      case 'again':
        return groupOf(this.members.worthAnother(members, error));
      case 'locked':
        return this.goOnWithoutStalled(worker, members);
      case 'halve':
        if (members.length > 1) return this.halve(members, error);
        if (isLostRace(error)) return groupOf(this.members.worthAnother(members, error));
        for (const member of members) this.log.failed(member, error);
        return this.refuse(members, error);
      case 'exhausted':
        this.log.exhausted(members, error);
        return this.refuse(members, unavailable(EXHAUSTED, error));
      case 'give_up':
        this.log.givenUp(members, error);
        return this.refuse(members, error);
    }
  }

  private halve(members: readonly Member<Command>[], error: unknown): Member<Command>[][] {
    this.log.halved(members, error);
    for (const member of members) member.halved = true;
    return halves(members);
  }

  private async goOnWithoutStalled(worker: Writer, members: Member<Command>[]): Promise<Member<Command>[][]> {
    if (worker === this.patient || members.length === 1) return this.setAside(members);
    if (worker.link === null) return this.putBack(members);
    const commands = members.map((member) => member.command);
    const held = await stalledAmong(worker.link, this.book, commands).catch(() => null);
    if (held === null) return this.putBack(members);
    // Let go since then, or not a row that is held: a unique value somebody else is about to write, perhaps.
    if (held.size === 0) return halves(members);
    this.setAside(members.filter((member) => held.has(member.command)));
    return groupOf(members.filter((member) => !held.has(member.command)));
  }

  private setAside(members: readonly Member<Command>[]): [] {
    this.stalled.push(...members);
    if (this.patient.idle) void this.workPatiently();
    return [];
  }

  /** One at a time; whoever meets the held row again goes behind the others. */
  private async workPatiently(): Promise<void> {
    this.patient.busy = true;
    while (this.patient.link?.alive === true) {
      const member = this.stalled.shift();
      if (member === undefined) break;
      if (this.isLate(member)) this.refuse([member], unavailable(HELD));
      else await this.runAll(this.patient, [member]);
    }
    this.patient.busy = false;
  }

  /** The link died behind COMMIT: PostgreSQL is asked what happened, and the writer goes on meanwhile. */
  private async findOut(members: Member<Command>[], ending: Ending<Command> & { kind: 'unknown' }): Promise<void> {
    this.metrics.retried('ambiguous');
    const fate = await fateOf(ending.traced, this.open, this.options.fateMs);
    this.log.ambiguous(members, fate, ending.error);
    if (fate === 'committed') this.settle(members, ending);
    else if (fate === 'aborted') this.putBack(this.members.worthAnother(members, ending.error));
    else this.refuse(members, outcomeUnknown(ending.error));
  }

  private settle(members: readonly Member<Command>[], ending: Ending<Command> & { kind: 'committed' | 'unknown' }): [] {
    this.members.settle(members, ending.verdicts, ending.shared);
    if (this.members.waiting > 0) this.pump();
    // Whoever asked is answered before lanes and relay set to work.
    if (ending.hooks.length > 0) setImmediate(() => this.handOver(ending.hooks));
    return [];
  }

  private handOver(hooks: readonly (() => void)[]): void {
    for (const hook of hooks) {
      try {
        hook();
      } catch (error) {
        this.metrics.hookFailed(error);
        this.log.hookFailed(error);
      }
    }
  }

  private refuse(members: readonly Member<Command>[], error: unknown): [] {
    this.members.refuse(members, error);
    if (this.members.waiting > 0) this.pump();
    return [];
  }

  private putBack(members: readonly Member<Command>[]): [] {
    this.members.putBack(members);
    this.pump();
    return [];
  }

  private linksChanged(): void {
    if (this.workers.some((worker) => worker.link !== null)) this.downSince = null;
    else this.downSince ??= performance.now();
    if ([...this.workers, this.patient].every((writer) => writer.link !== null)) this.log.reachable();
    this.setAside([]);
    this.pump();
  }

  private isDown(): boolean {
    return this.downSince !== null && performance.now() - this.downSince > this.options.outageMs;
  }

  private isLate(member: Member<Command>): boolean {
    return performance.now() - member.since > this.options.stalledMs;
  }

  /** Nobody waits longer than the bounds say, also when no connection is there to notice. */
  private look(): void {
    const late = this.stalled.filter((member) => this.isLate(member));
    if (late.length > 0) {
      this.stalled = this.stalled.filter((member) => !this.isLate(member));
      this.refuse(late, unavailable(HELD));
    }
    if (!this.isDown()) return;
    this.members.refuseWaiting(performance.now() - this.options.outageMs, unavailable(GONE));
  }
}

function halves<T>(members: readonly T[]): T[][] {
  const middle = members.length >> 1;
  return [members.slice(middle), members.slice(0, middle)];
}

function groupOf<T>(members: T[]): T[][] {
  return members.length > 0 ? [members] : [];
}
