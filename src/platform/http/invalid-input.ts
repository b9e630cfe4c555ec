import { Failure } from '../../kernel/index.js';

/** A 400 that may name several faults at once; each becomes an entry of `errors` (`docs/wire.md` 3). */
export class InvalidInput extends Failure {
  /** @param titles At least one; the first is the message. */
  constructor(readonly titles: readonly [string, ...string[]]) {
    super('bad_request', titles[0]);
  }

  /** `fallback` when nobody could say what is wrong. */
  static of(titles: readonly string[], fallback = 'Bad request'): InvalidInput {
    const [first = fallback, ...rest] = new Set(titles);
    return new InvalidInput([first, ...rest.slice(0, MOST_ENTRIES - 1)]);
  }
}

/** A body can hold thousands of faults; the first few help. */
const MOST_ENTRIES = 20;
