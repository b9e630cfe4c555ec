import type { Millis } from '../../kernel/index.js';

/** The clocks of this machine. */
export interface LocalClock {
  /** What it takes for the time of day; somebody may set it. */
  wall(): Millis;
  /** Counts on evenly from anywhere; nobody sets it. */
  steady(): Millis;
}

/** One look at another clock: when we asked and had the answer, by our steady clock, and what the other one said. */
export interface Reading {
  readonly asked: Millis;
  readonly answered: Millis;
  readonly theirs: Millis;
}

/** What a reading says: at `steady` the other clock showed `theirs`, give or take `doubt`. */
interface Sight {
  readonly steady: Millis;
  readonly wall: Millis;
  readonly theirs: Millis;
  readonly doubt: Millis;
}

/** A sight that may be wrong by more is no better than an old one. */
const MOST_DOUBT_MS = 1_000;
/** Above it the clocks differ; from then on they agree only when they are well below it again. */
const DIFFERS_MS = 2_000;
const AGREES_MS = 1_000;

/**
 * Another clock's time, from looks at it now and then and this machine's steady clock in between: setting the time of day
 * here changes nothing. Without any look it is the time of day here.
 */
export class CorrectedTime {
  #sight: Sight | null = null;
  #differs = false;

  constructor(private readonly local: LocalClock) {}

  /** Of several readings the quickest counts: the answer was on its way for the shortest time. */
  take(readings: readonly Reading[]): void {
    const sights = readings.map((reading) => this.sightOf(reading)).sort((a, b) => a.doubt - b.doubt);
    const [best] = sights;
    if (best === undefined || (this.#sight !== null && best.doubt > MOST_DOUBT_MS)) return;
    this.#sight = best;
    // What the way of the answer may explain is no difference.
    const apart = Math.max(0, Math.abs(this.offset() ?? 0) - best.doubt);
    this.#differs = apart > (this.#differs ? AGREES_MS : DIFFERS_MS);
  }

  now(): Millis {
    const sight = this.#sight;
    return sight === null ? this.local.wall() : Math.round(sight.theirs + this.local.steady() - sight.steady);
  }

  /** By how much the other clock is ahead of the time of day here; `null`: nobody looked yet. */
  offset(): Millis | null {
    return this.#sight === null ? null : this.now() - Math.round(this.local.wall());
  }

  /** As of the last look. */
  get differs(): boolean {
    return this.#differs;
  }

  /** The time of day here was set since the last look, or the steady clock stood still, as in a machine that was asleep. */
  get hasMoved(): boolean {
    const sight = this.#sight;
    if (sight === null) return false;
    const { wall, steady } = this.local;
    return Math.abs(wall() - sight.wall - (steady() - sight.steady)) > MOST_DOUBT_MS;
  }

  private sightOf({ asked, answered, theirs }: Reading): Sight {
    const steady = (asked + answered) / 2;
    const wall = this.local.wall() - (this.local.steady() - steady);
    return { steady, wall, theirs, doubt: (answered - asked) / 2 };
  }
}
