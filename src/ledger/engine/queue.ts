import type { Queued } from '../book.js';
import { Fifo } from './fifo.js';

export interface QueueLimits {
  /** Commands per group. */
  readonly maxGroup: number;
  /** Sum of `Queued.bytes` per group; a single command may be larger and then goes alone. */
  readonly maxGroupBytes: number;
  readonly maxWaitingPerConversation: number;
  /** Commands waiting in all. */
  readonly maxQueued: number;
}

export interface Waiting {
  readonly command: Queued;
  /** When it came, on any clock that only rises. */
  readonly since: number;
}

export type Refusal = 'conversation_full' | 'queue_full';

/**
 * Who goes next. Pure: no clock, no I/O.
 *
 * One line per conversation, first in first out; a conversation with a command in flight offers nothing, so a group
 * never holds two of one conversation and their order is the order of arrival. Ready conversations queue behind their
 * app, apps take turns: one with a thousand busy conversations gets every second place when another app has one.
 */
export class CommandQueue<M extends Waiting> {
  private readonly lines = new Map<string, Line<M>>();
  private readonly apps = new Map<string, App<M>>();
  private readonly turns = new Fifo<App<M>>();
  private waitingCount = 0;

  constructor(private readonly limits: QueueLimits) {}

  /** Commands waiting; those in flight are not counted. */
  get waiting(): number {
    return this.waitingCount;
  }

  /** Conversations with a command waiting or in flight. */
  get conversations(): number {
    return this.lines.size;
  }

  offer(member: M): Refusal | null {
    if (this.waitingCount >= this.limits.maxQueued) return 'queue_full';
    const known = this.lines.get(member.command.conversationId);
    if (known !== undefined && known.waiting.size >= this.limits.maxWaitingPerConversation) return 'conversation_full';
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
    if (line.waiting.size > 0) this.makeReady(line);
    else this.close(line);
  }

  /** The member was not done and goes again before whatever came after it. Never refused: it was taken once. */
  putBack(member: M): void {
    const line = this.lineOf(member);
    line.inFlight = false;
    line.waiting.pushFront(member);
    this.waitingCount += 1;
    this.makeReady(line);
  }

  /** Takes a member in whatever the bounds say: it was accepted once and continues as another command. */
  readmit(member: M): void {
    this.append(this.lines.get(member.command.conversationId) ?? this.open(member), member);
  }

  /** Takes out those who wait since before `since`; the rest keeps its order. */
  expire(since: number): M[] {
    const expired: M[] = [];
    for (const line of this.lines.values()) {
      if ((line.waiting.first()?.since ?? Infinity) >= since) continue;
      expired.push(...line.waiting.remove((member) => member.since < since));
      if (line.waiting.size === 0) this.retire(line);
    }
    this.waitingCount -= expired.length;
    return expired;
  }

  private append(line: Line<M>, member: M): void {
    line.waiting.push(member);
    this.waitingCount += 1;
    if (!line.inFlight && line.waiting.size === 1) this.makeReady(line);
  }

  private next(): M | undefined {
    return this.turns.first()?.ready.first()?.waiting.first();
  }

  private advance(): void {
    const app = this.turns.shift() as App<M>;
    const line = app.ready.shift() as Line<M>;
    line.waiting.shift();
    line.inFlight = true;
    this.waitingCount -= 1;
    if (app.ready.size > 0) this.turns.push(app);
  }

  private makeReady(line: Line<M>): void {
    line.app.ready.push(line);
    if (line.app.ready.size === 1) this.turns.push(line.app);
  }

  private open(member: M): Line<M> {
    const { conversationId, appId } = member.command;
    let app = this.apps.get(appId);
    if (app === undefined) this.apps.set(appId, (app = { id: appId, lines: 0, ready: new Fifo() }));
    const line: Line<M> = { id: conversationId, app, waiting: new Fifo(), inFlight: false };
    app.lines += 1;
    this.lines.set(conversationId, line);
    return line;
  }

  private close(line: Line<M>): void {
    this.lines.delete(line.id);
    line.app.lines -= 1;
    if (line.app.lines === 0) this.apps.delete(line.app.id);
  }

  /** Everybody in the line left: it gives its place in the turns back. */
  private retire(line: Line<M>): void {
    if (line.inFlight) return;
    line.app.ready.remove((ready) => ready === line);
    if (line.app.ready.size === 0) this.turns.remove((app) => app === line.app);
    this.close(line);
  }

  private lineOf(member: M): Line<M> {
    const line = this.lines.get(member.command.conversationId);
    if (line === undefined) throw new Error(`conversation ${member.command.conversationId} has nothing in flight`);
    return line;
  }
}

interface Line<M> {
  readonly id: string;
  readonly app: App<M>;
  readonly waiting: Fifo<M>;
  inFlight: boolean;
}

interface App<M> {
  readonly id: string;
  lines: number;
  readonly ready: Fifo<Line<M>>;
}
