import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Failure, type AppId } from '../../kernel/index.js';
import { Once, type IdempotencyKey } from '../../ledger/index.js';
import { Config } from '../../platform/config/index.js';
import { Metrics } from '../../platform/telemetry/index.js';
import { Buckets } from '../../tenancy/index.js';

/** About a megabyte, each. */
const MOST_USERS = 10_000;
const MOST_KEYS = 10_000;
/** A refusal is answered this much later, so that a loop without a pause makes few of them. */
const HELD_MS = 1_000;

/**
 * How many conversations one end user may open: as many as a minute allows at once, and then one each time that a part
 * of the minute is over. Counted in this process, for tokens of end users; keys of apps are not limited.
 */
@Injectable()
export class Openings {
  /** `null`: no limit is set. */
  readonly #openings: Buckets | null;
  /** Keys of openings that were counted here: one opens one conversation at most. */
  readonly #counted = new LRUCache<string, true>({ max: MOST_KEYS });
  readonly #refused;

  constructor(
    { conversationsPerMinute: atOnce }: Config,
    metrics: Metrics,
    private readonly once: Once,
  ) {
    this.#openings = atOnce === 0 ? null : new Buckets({ atOnce, perSecond: atOnce / 60 }, MOST_USERS);
    this.#refused = metrics.counter(
      'switchboard_client_openings_refused_total',
      'Conversations that an end user was not allowed to open, for they had opened too many.',
    );
  }

  /**
   * Counts one, unless it is a repeat: that opens nothing, and gets what was answered however many were opened since.
   *
   * @throws Failure `too_many_requests`
   */
  async count(appId: AppId, externalId: string, key: IdempotencyKey | null): Promise<void> {
    if (this.#openings === null) return;
    if (key === null) return this.#take(appId, externalId);
    const name = key.key.toString('latin1');
    // The first one may be under way still, and have no answer yet.
    if (this.#counted.has(name) || (await this.once.isAnswered(key)) || this.#counted.has(name)) return;
    this.#take(appId, externalId);
    this.#counted.set(name, true);
  }

  #take(appId: AppId, externalId: string): void {
    const retryAfterSeconds = this.#openings?.take(`${appId} ${externalId}`) ?? null;
    if (retryAfterSeconds === null) return;
    this.#refused.inc();
    throw new Failure('too_many_requests', 'Too many conversations were begun; go on in one of them.', {
      retryAfterSeconds,
      heldMs: HELD_MS,
    });
  }
}
