import type { DueTimer } from './claims.store.js';

const BEGINNING = '-infinity';

/**
 * How far a sweep has come in the order of due times. Many timers may be due at the same instant: those of the last
 * instant that were read and are there still are named, so that reading goes on behind them.
 */
export class Position {
  from = BEGINNING;
  #read = new Set<string>();
  #left = new Set<string>();

  /** Not to be read again: they are another process's, or came again because nothing became of them. */
  get left(): readonly string[] {
    return [...this.#left];
  }

  /** Whether this one is new here. One that could not be fired comes a second time, and would come for ever. */
  pass({ id, due, ours }: DueTimer): boolean {
    if (due !== this.from) {
      this.from = due;
      this.#read = new Set();
      this.#left = new Set();
    }
    const known = this.#read.has(id);
    this.#read.add(id);
    if (known || !ours) this.#left.add(id);
    return !known;
  }

  rewind(): void {
    this.from = BEGINNING;
    this.#read = new Set();
    this.#left = new Set();
  }
}
