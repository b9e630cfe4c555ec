import { remembered } from '../telemetry/remembered.js';
import { Troubles } from '../telemetry/troubles.js';

/** Events that wait to be published. */
export interface Waiting {
  readonly rows: number;
  readonly oldestSeconds: number;
}

export interface Stall {
  /** Since then nothing was acknowledged while events waited. */
  readonly since: string;
  /** Counted no further than whoever watches counts. */
  readonly waiting: number;
}

/** An acknowledgement comes within milliseconds, and a server that is busy for a moment is no stall. */
const STALLED_AFTER_MS = 5_000;

/** NATS answers, and gives us no stream: it allows less than the stream wants, or has none of it. */
export class StreamRefusedError extends Error {
  override readonly name = 'StreamRefusedError';
}

/** How publishing to the stream stands: told by whoever publishes, read by health and figures. */
export class Publishing {
  readonly #shortfalls = new Troubles('Nats', {
    fails: 'the stream keeps other limits than the settings ask for',
    over: 'the stream has the limits that the settings ask for',
  });
  #acknowledgedAt = performance.now();
  #unready: unknown = null;
  #failure: unknown = null;
  #shortfall: Error | null = null;
  #waiting: (() => Promise<Waiting>) | null = null;

  /** @param waiting What this process is to publish; asked at most once a second, when nothing was acknowledged for a while. */
  watch(waiting: () => Promise<Waiting>): void {
    this.#waiting = remembered(waiting);
    this.#acknowledgedAt = performance.now();
  }

  acknowledged(): void {
    this.#acknowledgedAt = performance.now();
    this.#failure = null;
  }

  unacknowledged(error: unknown): void {
    this.#failure = error;
  }

  /** Why the stream cannot be looked at or made; `null`: it is there. */
  ready(trouble: unknown): void {
    this.#unready = trouble;
  }

  /** Why the stream, which is there, does not get the limits of the settings; `null`: it has them. */
  limits(trouble: Error | null): void {
    this.#shortfall = trouble;
    if (trouble === null) this.#shortfalls.over();
    else this.#shortfalls.failed(trouble);
  }

  /** NATS answers and gives us no stream. */
  get refused(): boolean {
    return this.#unready instanceof StreamRefusedError;
  }

  /** Why nothing goes out, in the words of whoever said so last. */
  get failure(): string | null {
    return said(this.#unready ?? this.#failure);
  }

  /** What the stream lacks while events go out. */
  get shortfall(): string | null {
    return said(this.#shortfall);
  }

  /** `null`: nothing waits that should have gone. */
  async stall(): Promise<Stall | null> {
    const quietMs = performance.now() - this.#acknowledgedAt;
    if (this.#waiting === null || quietMs < STALLED_AFTER_MS) return null;
    const { rows, oldestSeconds } = await this.#waiting();
    const stalledMs = Math.min(quietMs, oldestSeconds * 1000);
    if (rows === 0 || stalledMs < STALLED_AFTER_MS) return null;
    return { since: new Date(Date.now() - stalledMs).toISOString(), waiting: rows };
  }
}

const said = (trouble: unknown): string | null =>
  trouble === null ? null : trouble instanceof Error ? trouble.message : String(trouble);
