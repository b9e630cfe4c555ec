import type { Queued } from '../book.js';
import { Lane, type Waiting } from './lane.js';
import { Round } from './round.js';

/**
 * Who goes next in one conversation. Pure: no clock, no I/O.
 *
 * Callers take turns, in rounds: everybody who waits has one turn in a round, with the oldest of their commands, so the
 * commands of one caller keep their order. Within a round the platform goes first, then who changes control or ends,
 * then everybody else, and last who was refused at their last turn. Whoever had a turn waits for the next round: nobody
 * is held up by another caller for more than one turn in a round, whatever that one sends and however much.
 */
export class Line<M extends Waiting> {
  inFlight = false;
  private readonly lanes = new Map<string, Lane<M>>();
  private now = new Round<M>();
  private later = new Round<M>();
  private round = 1;
  /** Lanes in which nobody waits; they are kept until the round is over, for they have had their turn. */
  private idle: Lane<M>[] = [];
  /** Taken, not done, and to go again before everybody else: it had its turn. */
  private returned: M | null = null;
  private waiting = 0;

  /** Commands waiting. */
  get size(): number {
    return this.waiting;
  }

  /** How many commands of this urgency the caller has waiting. */
  sizeOf({ caller, urgency }: Pick<Queued, 'caller' | 'urgency'>): number {
    return this.lanes.get(caller)?.counts[urgency] ?? 0;
  }

  push(member: M): void {
    const lane = this.laneOf(member.command.caller);
    lane.push(member);
    this.waiting += 1;
    this.place(lane);
  }

  /** There is at most one: a conversation has one command in flight. */
  putBack(member: M): void {
    this.returned = member;
    this.waiting += 1;
  }

  first(): M | undefined {
    return this.returned ?? this.nextLane()?.first();
  }

  shift(): M | undefined {
    const { returned } = this;
    if (returned !== null) {
      this.returned = null;
      this.waiting -= 1;
      return returned;
    }
    const lane = this.nextLane();
    if (lane === undefined) return undefined;
    lane.ticket = null;
    lane.turn = this.round;
    const member = lane.shift();
    this.waiting -= 1;
    this.leaveOrStay(lane);
    return member;
  }

  /** Those who wait in the caller's lane, the oldest first. */
  behind(caller: string): Iterable<M> {
    return this.lanes.get(caller)?.members() ?? [];
  }

  /** Takes the caller's oldest command out, if it is this one: it was answered with the one before. */
  withdraw(caller: string, command: Queued): M | undefined {
    const lane = this.lanes.get(caller);
    if (lane?.first()?.command !== command) return undefined;
    const member = lane.shift();
    this.waiting -= 1;
    if (lane.size === 0) this.leaveOrStay(lane);
    return member;
  }

  /** Notes how the caller's last command ended: who was refused goes last until they are not. Decides order alone. */
  note(caller: string, refused: boolean): void {
    const lane = this.lanes.get(caller);
    if (lane !== undefined) lane.refused = refused;
  }

  /** Takes out those who wait since before `since`. */
  expire(since: number): M[] {
    const expired: M[] = [];
    if (this.returned !== null && this.returned.since < since) {
      expired.push(this.returned);
      this.returned = null;
    }
    for (const lane of this.lanes.values()) {
      if ((lane.first()?.since ?? Infinity) >= since) continue;
      expired.push(...lane.expire(since));
      if (lane.size === 0) this.leaveOrStay(lane);
    }
    this.waiting -= expired.length;
    return expired;
  }

  private laneOf(caller: string): Lane<M> {
    let lane = this.lanes.get(caller);
    if (lane === undefined) this.lanes.set(caller, (lane = new Lane(caller)));
    return lane;
  }

  /** A place among the turns, or a better one since a more urgent command has joined. */
  private place(lane: Lane<M>): void {
    const { rank } = lane;
    if (lane.ticket !== null && lane.ticket.rank <= rank) return;
    lane.ticket = { lane, rank };
    (lane.turn === this.round ? this.later : this.now).push(lane.ticket);
  }

  private leaveOrStay(lane: Lane<M>): void {
    if (lane.size > 0) return this.place(lane);
    lane.ticket = null;
    this.idle.push(lane);
  }

  private nextLane(): Lane<M> | undefined {
    if (this.waiting === 0) return undefined;
    const ticket = this.now.first();
    if (ticket !== undefined) return ticket.lane;
    this.beginRound();
    return this.now.first()?.lane;
  }

  private beginRound(): void {
    [this.now, this.later] = [this.later, this.now];
    this.round += 1;
    for (const lane of this.idle) if (lane.size === 0) this.lanes.delete(lane.caller);
    this.idle = [];
  }
}
