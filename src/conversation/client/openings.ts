import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Failure, type AppId } from '../../kernel/index.js';
import { Config } from '../../platform/config/index.js';
import { Metrics } from '../../platform/telemetry/index.js';
import { Bucket } from '../../tenancy/index.js';

/** About a megabyte. Beyond it whoever opened one least lately begins anew. */
const MOST_USERS = 10_000;
/** A refusal is answered this much later, so that a loop without a pause makes few of them. */
const HELD_MS = 1_000;

/**
 * How many conversations one end user may open: as many as a minute allows at once, and then one each time that a part
 * of the minute is over. Counted in this process, for tokens of end users; keys of apps are not limited.
 */
@Injectable()
export class Openings {
  readonly #buckets = new LRUCache<string, Bucket>({ max: MOST_USERS });
  readonly #most: number;
  readonly #refused;

  constructor({ conversationsPerMinute }: Config, metrics: Metrics) {
    this.#most = conversationsPerMinute;
    this.#refused = metrics.counter(
      'switchboard_client_openings_refused_total',
      'Conversations that an end user was not allowed to open, for they had opened too many.',
    );
  }

  /** Counts one. @throws Failure `too_many_requests` */
  count(appId: AppId, externalId: string): void {
    if (this.#most === 0) return;
    const now = performance.now();
    const retryAfterSeconds = this.#bucketOf(`${appId} ${externalId}`, now).take(now);
    if (retryAfterSeconds === null) return;
    this.#refused.inc();
    throw new Failure('too_many_requests', 'Too many conversations were begun; go on in one of them.', {
      retryAfterSeconds,
      heldMs: HELD_MS,
    });
  }

  #bucketOf(user: string, now: number): Bucket {
    const known = this.#buckets.get(user);
    if (known !== undefined) return known;
    const made = new Bucket({ atOnce: this.#most, perSecond: this.#most / 60 }, now);
    this.#buckets.set(user, made);
    return made;
  }
}
