import { Metrics } from '../telemetry/metrics.js';
import { Troubles } from '../telemetry/troubles.js';
import { hindranceOf, type Hindrance } from './outage.js';

/** Names of PostgreSQL's own for SQLSTATEs, as they are told in health and figures; the rest by their kind. */
const CONDITIONS: Readonly<Record<string, string>> = {
  '53100': 'disk_full',
  '53200': 'out_of_memory',
  '53300': 'too_many_connections',
  '53400': 'configuration_limit_exceeded',
  '58030': 'io_error',
};

/** A limit of one statement, not of the server: others go on. */
const OF_ONE = 'configuration_limit_exceeded';

/** So long after the last failure of its kind it counts as over. */
const LASTS_MS = 10_000;

/** What PostgreSQL has run out of. */
export interface Exhausted {
  readonly condition: string;
  /** Nobody gets what this one did not get. */
  readonly ofAll: boolean;
}

/** How PostgreSQL stands, as those notice who use it: for health, figures and the log. */
export class Standing {
  readonly #failures = new Metrics().counter(
    'switchboard_postgres_failures_total',
    'What PostgreSQL could not do for want of something, by what it wanted.',
    ['condition'],
  );
  readonly #troubles = new Troubles('PostgreSQL', {
    fails: 'PostgreSQL has run out of something; what needs it is answered 503',
    over: 'PostgreSQL has not run out of anything for a while',
  });
  #exhausted: Exhausted | null = null;
  #over: NodeJS.Timeout | null = null;

  /** Answers what kind of failure it is; `null`: none of PostgreSQL's condition. */
  notice(error: unknown): Hindrance | null {
    const hindrance = hindranceOf(error);
    if (hindrance === null) return null;
    const condition = CONDITIONS[String((error as { code?: unknown }).code)] ?? hindrance;
    this.#failures.inc({ condition });
    if (hindrance === 'exhausted') this.#lacks(condition, error);
    return hindrance;
  }

  /** `null`: it has all it needs, as far as is known. */
  get exhausted(): Exhausted | null {
    return this.#exhausted;
  }

  #lacks(condition: string, error: unknown): void {
    this.#troubles.failed(error, { condition });
    this.#exhausted = { condition, ofAll: condition !== OF_ONE };
    if (this.#over !== null) clearTimeout(this.#over);
    this.#over = setTimeout(() => {
      this.#exhausted = null;
      this.#troubles.over();
    }, LASTS_MS);
    this.#over.unref();
  }
}
