import { Injectable } from '@nestjs/common';
import { Failure } from '../../kernel/index.js';
import { Config } from '../../platform/config/index.js';
import { Metrics } from '../../platform/telemetry/index.js';
import { Buckets } from './bucket.js';
import type { UserPrincipal } from './principal.js';

/** About two megabytes. */
const MOST_USERS = 20_000;
/** Seconds of calls that may come at once: a page that opens asks for several things. */
const AT_ONCE_SECONDS = 10;
/** A refusal is answered this much later, so that a loop without a pause makes few of them. */
const HELD_MS = 1_000;

/**
 * How much one end user may ask of this process: their token is in a page that anybody can open and rewrite, and what
 * they flood are the conversations that agents and bots work in.
 */
@Injectable()
export class UserCalls {
  /** `null`: no limit is set. */
  readonly #calls: Buckets | null;
  readonly #refused;

  constructor({ userCallsPerMinute }: Config, metrics: Metrics) {
    const perSecond = userCallsPerMinute / 60;
    const atOnce = Math.max(1, perSecond * AT_ONCE_SECONDS);
    this.#calls = perSecond === 0 ? null : new Buckets({ perSecond, atOnce }, MOST_USERS);
    this.#refused = metrics.counter(
      'switchboard_http_user_calls_refused_total',
      'Calls of end users that were refused because they made too many.',
    );
  }

  /** Counts one call. @throws Failure `too_many_requests` */
  count({ appId, externalId }: UserPrincipal): void {
    const retryAfterSeconds = this.#calls?.take(`${appId} ${externalId}`) ?? null;
    if (retryAfterSeconds === null) return;
    this.#refused.inc();
    throw new Failure('too_many_requests', 'This end user makes too many calls. Slow down.', {
      retryAfterSeconds,
      heldMs: HELD_MS,
    });
  }
}
