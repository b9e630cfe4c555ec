import type { Failure } from '../../kernel/index.js';
import type { RequestInHand } from '../../platform/telemetry/index.js';
import type { Queued } from '../book.js';
import { tooManyOfApp, tooManyWaiting, unavailable } from './failure.js';
import type { Shared, Verdict } from './group.js';
import type { LedgerMetrics } from './metrics.js';
import { CommandQueue, type QueueLimits } from './queue.js';

/** An accepted command on its way to an answer. */
export interface Member<Command> {
  command: Command;
  readonly since: number;
  readonly answer: (answer: unknown) => void;
  readonly refuse: (error: unknown) => void;
  /** Times it came back undone for a reason that could repeat itself. */
  returns: number;
  /** For the log alone. */
  readonly request: RequestInHand | null;
  halved: boolean;
}

const MOST_RETURNS = 5;

/**
 * Every accepted command, from admission to its one answer. It is either waiting in the queue or in flight; whoever
 * took it gives it back by exactly one of `settle`, `refuse` and `putBack`.
 */
export class Members<Command extends Queued> {
  private readonly queue: CommandQueue<Member<Command>>;
  private inFlight = 0;
  private closed: Failure | null = null;
  private whenEmpty: (() => void) | null = null;

  constructor(
    private readonly limits: QueueLimits,
    private readonly metrics: LedgerMetrics,
  ) {
    this.queue = new CommandQueue(limits);
  }

  get waiting(): number {
    return this.queue.waiting;
  }

  /** Why it cannot be taken in, or `null`: it waits. */
  admit(member: Member<Command>): Failure | null {
    switch (this.queue.offer(member)) {
      case 'caller_full':
        return tooManyWaiting(this.limits.maxWaitingPerCaller);
      case 'app_full':
        return tooManyOfApp();
      case 'queue_full':
        return unavailable('Too many commands are waiting. Nothing happened.');
      case null:
        return null;
    }
  }

  take(): Member<Command>[] {
    const members = this.queue.take();
    this.inFlight += members.length;
    const now = performance.now();
    for (const member of members) this.metrics.waited(now - member.since);
    this.metrics.queued(this.queue.waiting);
    return members;
  }

  /** What the caller of a member in flight has waiting behind it in the same conversation, the oldest first. */
  *behind(member: Member<Command>): Iterable<Command> {
    for (const { command } of this.queue.behind(member)) yield command;
  }

  /** The verdicts are committed: everybody is told, and so are those who were refused with a member before them. */
  settle(
    members: readonly Member<Command>[],
    verdicts: readonly Verdict<Command>[],
    shared: readonly Shared<Command>[],
  ): void {
    for (const { of, command, answer } of shared) {
      this.queue.withdraw(members[of] as Member<Command>, command)?.answer(answer);
    }
    for (let i = 0; i < members.length; i++) this.tell(members[i] as Member<Command>, verdicts[i] as Verdict<Command>);
    this.checkEmpty();
  }

  refuse(members: readonly Member<Command>[], error: unknown): void {
    for (const member of members) {
      this.release(member);
      member.refuse(error);
    }
    this.checkEmpty();
  }

  /** Undone, back to the front of their conversations. */
  putBack(members: readonly Member<Command>[]): void {
    if (this.closed !== null) return this.refuse(members, this.closed);
    for (const member of members) {
      this.inFlight -= 1;
      this.queue.putBack(member);
    }
  }

  /** Those who may try again; the others came back too often and are told so. */
  worthAnother(members: readonly Member<Command>[], error: unknown): Member<Command>[] {
    const rest = members.filter((member) => ++member.returns <= MOST_RETURNS);
    if (rest.length < members.length) {
      const tired = members.filter((member) => member.returns > MOST_RETURNS);
      this.refuse(tired, unavailable('It failed too often. Nothing happened.', error));
    }
    return rest;
  }

  /** Tells those who wait since before `since` that nothing will come of it. */
  refuseWaiting(since: number, error: Failure): void {
    for (const member of this.queue.expire(since)) member.refuse(error);
    this.checkEmpty();
  }

  /** From now on nobody waits: what comes back undone is refused. */
  close(error: Failure): void {
    this.closed = error;
    this.refuseWaiting(Infinity, error);
  }

  /** Resolves when the last member has its answer, or when the time is up. */
  async empty(deadlineMs: number): Promise<void> {
    if (this.inFlight + this.queue.waiting === 0) return;
    let late: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.whenEmpty = resolve;
      late = setTimeout(resolve, deadlineMs);
    });
    clearTimeout(late);
  }

  private tell(member: Member<Command>, verdict: Verdict<Command>): void {
    if (verdict.kind === 'again') return this.sendRound(member, verdict.command);
    this.queue.note(member, verdict.kind === 'answer' && verdict.refused);
    this.release(member);
    if (verdict.kind === 'answer') member.answer(verdict.answer);
    else member.refuse(verdict.error);
  }

  /** It continues as another command, at the end of that one's conversation. */
  private sendRound(member: Member<Command>, command: Command): void {
    if (this.worthAnother([member], new Error('sent round too often')).length === 0) return;
    this.metrics.retried('lost_race');
    this.release(member);
    member.command = command;
    this.queue.readmit(member);
  }

  private release(member: Member<Command>): void {
    this.inFlight -= 1;
    this.queue.release(member);
  }

  private checkEmpty(): void {
    if (this.inFlight + this.queue.waiting === 0) this.whenEmpty?.();
  }
}
