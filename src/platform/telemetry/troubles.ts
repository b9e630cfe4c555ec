import { types } from 'node:util';
import { Logger } from '@nestjs/common';

interface Told {
  readonly since: number;
  readonly reasons: Set<string>;
  failures: number;
}

/** Beyond these the oldest is forgotten, and told anew should it fail again. */
const MOST_SUBJECTS = 1_000;
const MOST_REASONS = 8;
/** When all fail at once a few stand for them; whatever goes on failing is told in a later window. */
const MOST_LINES = 20;
const WINDOW_MS = 10_000;

/** The lines of one kind of trouble. */
export interface TroubleWords {
  readonly fails: string;
  /** Unset: that it is over goes without saying. */
  readonly over?: string;
}

/**
 * Logs what is tried again and again and may fail each time: one line when it begins to fail, one for each further
 * reason, one when it is over. Never one per attempt: a database that is away for an hour is not told a thousand times.
 */
export class Troubles {
  readonly #log: Logger;
  readonly #told = new Map<string, Told>();
  #window = -Infinity;
  #lines = 0;

  constructor(
    /** Of whom: the `context` of the lines. */
    room: string,
    private readonly words: TroubleWords,
  ) {
    this.#log = new Logger(room);
  }

  /**
   * @param facts Go into the line: ids of app, conversation, and whatever else it concerns.
   * @param subject What failed, where several things can, each by itself: an id.
   */
  failed(error: unknown, facts: object = {}, subject = ''): void {
    const told = this.#told.get(subject) ?? this.#begun(subject);
    told.failures += 1;
    const reason = reasonOf(error);
    if (told.reasons.has(reason) || told.reasons.size >= MOST_REASONS || !this.#hasRoom()) return;
    told.reasons.add(reason);
    this.#log.warn({ ...facts, err: error }, this.words.fails);
  }

  over(facts: object = {}, subject = ''): void {
    const told = this.#told.get(subject);
    if (told === undefined) return;
    this.#told.delete(subject);
    const seconds = Math.round((performance.now() - told.since) / 1000);
    if (this.words.over) this.#log.log({ ...facts, failures: told.failures, seconds }, this.words.over);
  }

  #hasRoom(): boolean {
    const now = performance.now();
    if (now - this.#window > WINDOW_MS) [this.#window, this.#lines] = [now, 0];
    this.#lines += 1;
    return this.#lines <= MOST_LINES;
  }

  #begun(subject: string): Told {
    const told: Told = { since: performance.now(), reasons: new Set(), failures: 0 };
    const [oldest] = this.#told.keys();
    if (oldest !== undefined && this.#told.size >= MOST_SUBJECTS) this.#told.delete(oldest);
    this.#told.set(subject, told);
    return told;
  }
}

function reasonOf(error: unknown): string {
  return types.isNativeError(error) ? `${error.name} ${error.message}` : String(error);
}
