import { Injectable } from '@nestjs/common';
import { Failure, type AppId } from '../../kernel/index.js';
import { Turns, type TurnTaker, type TurnLimits } from './turns.js';

/**
 * Reads at once. The pool has six connections: two are left for what changes things. More would not be quicker, for a read
 * costs the server's thread more than it waits.
 */
const LIMITS: TurnLimits = {
  atOnce: 4,
  atOncePerApp: 2,
  waitingPerCaller: 32,
  waitingPerApp: 256,
  waiting: 1_024,
};

/** Ends the read; more than once is as once. */
export type EndRead = () => void;

/** Reads of this process take turns by app, and within an app by caller, as commands do (ADR 0038). */
@Injectable()
export class ReadTurns {
  private readonly turns = new Turns(LIMITS);

  /** Resolves when the read may begin. @throws Failure `unavailable`: too many of the caller, the app or all wait. */
  begin(taker: TurnTaker): Promise<EndRead> {
    return new Promise((resolve, reject) => {
      const refusal = this.turns.enter(taker, () => resolve(this.endOf(taker)));
      if (refusal !== null) reject(tooMany());
    });
  }

  /** One piece of an export that has begun: it waits for its turn, however many wait. */
  async piece<T>(app: AppId, read: () => Promise<T>): Promise<T> {
    const taker = { app, caller: 'export' };
    const end = await new Promise<EndRead>((resolve) => {
      this.turns.enter(taker, () => resolve(this.endOf(taker)), true);
    });
    return read().finally(end);
  }

  private endOf(taker: TurnTaker): EndRead {
    let over = false;
    return () => {
      if (over) return;
      over = true;
      // What else has come in meanwhile is heard before the next read takes the thread.
      setImmediate(() => this.turns.end(taker));
    };
  }
}

const tooMany = (): Failure =>
  new Failure('unavailable', 'Too many reads are waiting. Slow down and repeat.', {
    retryAfterSeconds: 1,
    heldMs: 1_000,
  });
