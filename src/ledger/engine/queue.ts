import type { Queued } from '../book.js';
import { Fifo } from './fifo.js';
import type { Waiting } from './lane.js';
import { Line } from './line.js';
import { Shares, type AppShare } from './shares.js';

export type { Waiting };

export interface QueueLimits {
  /** Commands per group. */
  readonly maxGroup: number;
  /** Sum of `Queued.bytes` per group; a single command may be larger and then goes alone. */
  readonly maxGroupBytes: number;
  /** Of one caller in one conversation; changes of control and ends are counted apart, and have as many. */
  readonly maxWaitingPerCaller: number;
  /** Commands waiting in all. */
  readonly maxQueued: number;
}

export type Refusal = 'caller_full' | 'app_full' | 'queue_full';

/**
 * Who goes next. Pure: no clock, no I/O.
 *
 * One line per conversation, in which callers take turns (`line.ts`); a conversation with a command in flight offers
 * nothing, so a group never holds two of one conversation. Ready conversations queue behind their app, apps take turns:
 * one with a thousand busy conversations gets every second place when another app has one.
 *
 * Nobody can fill it: a caller has places of their own in each conversation, and a share of the whole that shrinks as the
 * queue fills (`shares.ts`). What the platform gives itself is bounded by the whole alone.
 */
export class CommandQueue<M extends Waiting> {
  private readonly lines = new Map<string, ReadyLine<M>>();
  private readonly apps = new Map<string, App<M>>();
  private readonly turns = new Fifo<App<M>>();
  private readonly shares: Shares;

  constructor(private readonly limits: QueueLimits) {
    this.shares = new Shares(limits.maxQueued);
  }

  /** Commands waiting; those in flight are not counted. */
  get waiting(): number {
    return this.shares.taken;
  }

  /** Conversations with a command waiting or in flight. */
  get conversations(): number {
    return this.lines.size;
  }

  offer(member: M): Refusal | null {
    const { command } = member;
    if (this.shares.taken >= this.limits.maxQueued) return 'queue_full';
    const known = this.lines.get(command.conversationId);
    if (command.urgency !== 'system') {
      if (known !== undefined && known.sizeOf(command) >= this.limits.maxWaitingPerCaller) return 'caller_full';
      if (!this.shares.hasRoom(this.apps.get(command.appId)?.share, command)) return 'app_full';
    }
    this.append(known ?? this.open(member), member);
    return null;
  }

  /** The next group; its conversations count as in flight until `release` or `putBack`. */
  take(): M[] {
    const group: M[] = [];
    let bytes = 0;
    while (group.length < this.limits.maxGroup) {
      const member = this.next();
      if (member === undefined) break;
      bytes += member.command.bytes;
      // It keeps its turn, so a large command is never overtaken for ever.
      if (group.length > 0 && bytes > this.limits.maxGroupBytes) break;
      this.advance();
      group.push(member);
    }
    return group;
  }

  /** The member is done: the next of its conversation may go. */
  release(member: M): void {
    const line = this.lineOf(member);
    line.inFlight = false;
    if (line.size > 0) this.makeReady(line);
    else this.close(line);
  }

  /** The member was not done and goes again before everybody in its conversation. Never refused: it was taken once. */
  putBack(member: M): void {
    const line = this.lineOf(member);
    line.inFlight = false;
    line.putBack(member);
    this.shares.count(line.app.share, member.command, 1);
    this.makeReady(line);
  }

  /** Takes a member in whatever the bounds say: it was accepted once and continues as another command. */
  readmit(member: M): void {
    this.append(this.lines.get(member.command.conversationId) ?? this.open(member), member);
  }

  /** What the caller of a member in flight has waiting behind it, the oldest first. */
  behind(member: M): Iterable<M> {
    return this.lineOf(member).behind(member.command.caller);
  }

  /** Takes out what waits next behind a member in flight, if it is still this command. */
  withdraw(member: M, command: Queued): M | undefined {
    const line = this.lineOf(member);
    const withdrawn = line.withdraw(member.command.caller, command);
    if (withdrawn !== undefined) this.shares.count(line.app.share, command, -1);
    return withdrawn;
  }

  /** Says of a member in flight whether it was refused; who was refused goes last for a while. */
  note(member: M, refused: boolean): void {
    this.lineOf(member).note(member.command.caller, refused);
  }

  /** Takes out those who wait since before `since`; the rest keeps its order. */
  expire(since: number): M[] {
    const expired: M[] = [];
    for (const line of this.lines.values()) {
      const gone = line.expire(since);
      for (const { command } of gone) this.shares.count(line.app.share, command, -1);
      expired.push(...gone);
      if (gone.length > 0 && line.size === 0) this.retire(line);
    }
    return expired;
  }

  private append(line: ReadyLine<M>, member: M): void {
    line.push(member);
    this.shares.count(line.app.share, member.command, 1);
    if (!line.inFlight && line.size === 1) this.makeReady(line);
  }

  private next(): M | undefined {
    return this.turns.first()?.ready.first()?.first();
  }

  private advance(): void {
    const app = this.turns.shift() as App<M>;
    const line = app.ready.shift() as ReadyLine<M>;
    const { command } = line.shift() as M;
    line.inFlight = true;
    this.shares.count(app.share, command, -1);
    if (app.ready.size > 0) this.turns.push(app);
  }

  private makeReady(line: ReadyLine<M>): void {
    line.app.ready.push(line);
    if (line.app.ready.size === 1) this.turns.push(line.app);
  }

  private open(member: M): ReadyLine<M> {
    const { conversationId, appId } = member.command;
    let app = this.apps.get(appId);
    if (app === undefined) {
      this.apps.set(appId, (app = { id: appId, lines: 0, ready: new Fifo(), share: this.shares.ofApp() }));
    }
    const line = new ReadyLine<M>(conversationId, app);
    app.lines += 1;
    this.lines.set(conversationId, line);
    return line;
  }

  private close(line: ReadyLine<M>): void {
    this.lines.delete(line.id);
    line.app.lines -= 1;
    if (line.app.lines === 0) this.apps.delete(line.app.id);
  }

  /** Everybody in the line left: it gives its place in the turns back. */
  private retire(line: ReadyLine<M>): void {
    if (line.inFlight) return;
    line.app.ready.remove((ready) => ready === line);
    if (line.app.ready.size === 0) this.turns.remove((app) => app === line.app);
    this.close(line);
  }

  private lineOf(member: M): ReadyLine<M> {
    const line = this.lines.get(member.command.conversationId);
    if (line === undefined) throw new Error(`conversation ${member.command.conversationId} has nothing in flight`);
    return line;
  }
}

class ReadyLine<M extends Waiting> extends Line<M> {
  constructor(
    readonly id: string,
    readonly app: App<M>,
  ) {
    super();
  }
}

interface App<M extends Waiting> {
  readonly id: string;
  lines: number;
  readonly ready: Fifo<ReadyLine<M>>;
  readonly share: AppShare;
}
