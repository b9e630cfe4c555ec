import type { Queued, Urgency } from '../book.js';
import { Fifo } from './fifo.js';

export interface Waiting {
  readonly command: Queued;
  /** When it came, on any clock that only rises. */
  readonly since: number;
}

/** The platform, control and ends, the usual, who was refused at their last turn. */
export type Rank = 0 | 1 | 2 | 3;

/** A lane's place among the turns. */
export interface Ticket<M extends Waiting> {
  readonly lane: Lane<M>;
  readonly rank: Rank;
}

/** What one caller has waiting in one conversation, first in first out. */
export class Lane<M extends Waiting> {
  readonly counts: Record<Urgency, number> = { system: 0, control: 0, usual: 0 };
  /** The one that counts; any other of its tickets is void. */
  ticket: Ticket<M> | null = null;
  /** The round in which it last had its turn. */
  turn = 0;
  /** Whether its last command was refused. */
  refused = false;
  private readonly waiting = new Fifo<M>();

  constructor(readonly caller: string) {}

  get size(): number {
    return this.waiting.size;
  }

  /** As urgent as the most urgent command in it, for the others before it must go first. */
  get rank(): Rank {
    if (this.counts.system > 0) return 0;
    if (this.counts.control > 0) return 1;
    return this.refused ? 3 : 2;
  }

  first(): M | undefined {
    return this.waiting.first();
  }

  members(): Iterable<M> {
    return this.waiting;
  }

  push(member: M): void {
    this.waiting.push(member);
    this.counts[member.command.urgency] += 1;
  }

  shift(): M | undefined {
    const member = this.waiting.shift();
    if (member !== undefined) this.counts[member.command.urgency] -= 1;
    return member;
  }

  expire(since: number): M[] {
    const expired = this.waiting.remove((member) => member.since < since);
    for (const { command } of expired) this.counts[command.urgency] -= 1;
    return expired;
  }
}
