import type { Lane } from './lane.js';
import type { RestingRoom } from './resting-room.js';

/** After so many timeouts in a row an endpoint counts as dead. */
const TIMEOUTS_TO_PROBE = 5;
/** Lanes of one webhook that want a turn, kept in memory; the others wait in the table. */
const MOST_LANES = 2_000;

/**
 * What one webhook's endpoint may have at once. Lanes take turns: at most `maxInFlight` of them, one while the endpoint
 * only times out. Endpoints share nothing here, so a dead one holds up nobody else.
 */
export class EndpointGate {
  readonly #queue: Lane[] = [];
  #turns = 0;
  #lanes = 0;
  #timeoutsInRow = 0;

  constructor(
    private readonly maxInFlight: number,
    /** Lanes that wait for their next attempt take no room from those that could be sent. */
    private readonly resting: RestingRoom<EndpointGate>,
  ) {}

  /** Whether one more lane may be kept in memory. */
  get hasRoom(): boolean {
    return this.#lanes - this.resting.of(this) < MOST_LANES;
  }

  get isIdle(): boolean {
    return this.#lanes === 0;
  }

  admit(): void {
    this.#lanes += 1;
  }

  dismiss(lane: Lane): void {
    this.#lanes -= 1;
    this.resting.release(this, lane);
  }

  /** Whether it is kept while it waits for its next attempt; `leave`: another has to go for it. */
  rest(lane: Lane, leave: (other: Lane) => void): boolean {
    return this.resting.admit(this, lane, leave);
  }

  enqueue(lane: Lane): void {
    this.resting.release(this, lane);
    this.#queue.push(lane);
  }

  /** The next lane whose turn it is, or `null` while none waits or all turns are taken. Give back with `turnOver`. */
  next(): Lane | null {
    if (this.#turns >= (this.#timeoutsInRow >= TIMEOUTS_TO_PROBE ? 1 : this.maxInFlight)) return null;
    const lane = this.#queue.shift();
    if (!lane) return null;
    this.#turns += 1;
    return lane;
  }

  turnOver(): void {
    this.#turns -= 1;
  }

  /** When the receiver last took something, by monotonic time. */
  takenAt = 0;

  /** An attempt ended; every end but a timeout shows that somebody is there. */
  observe(timedOut: boolean): void {
    this.#timeoutsInRow = timedOut ? this.#timeoutsInRow + 1 : 0;
  }
}
