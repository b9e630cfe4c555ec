import type { WebhookConfig } from '../../platform/config/config.js';
import type { Delivery } from './delivery.store.js';
import { saysNo } from '../sending/credentials.js';
import { judge, type Attempt, type Verdict } from '../sending/outcome.js';
import { housePolicy, type RetryPolicy } from '../sending/retry-policy.js';
import type { Endpoint, Sender } from '../sending/sender.js';
import type { WebhookMetrics } from '../webhook-metrics.js';

/** What one attempt leaves, for the row and for the lane. */
export interface Attempted {
  readonly verdict: Verdict;
  readonly attempts: number;
  readonly tookMs: number;
  readonly timedOut: boolean;
}

/** Makes attempts and judges them. */
export class Attempts {
  readonly #house: RetryPolicy;

  constructor(
    private readonly sender: Sender,
    config: WebhookConfig,
    private readonly metrics: WebhookMetrics,
  ) {
    this.#house = housePolicy(config);
  }

  /**
   * An `extra` attempt stands beside the schedule: when it fails it never happened. `anew` reads the endpoint again: who
   * says no may have a secret that is a second younger than what we know.
   */
  async make(
    delivery: Delivery,
    endpoint: Endpoint | null,
    anew: () => Promise<Endpoint | null>,
    extra = false,
  ): Promise<Attempted> {
    if (endpoint === null) return this.orphaned(delivery);
    const began = performance.now();
    let attempt = await this.sender.send(endpoint, delivery);
    const now = saysNo(attempt) ? await anew().catch(() => endpoint) : endpoint;
    if (now !== null && now.secret !== endpoint.secret) attempt = await this.sender.send(now, delivery);
    const tookMs = performance.now() - began;
    const made = delivery.attempts + (extra ? 0 : 1);
    const judged = judge(attempt, {
      ...(endpoint.retryPolicy ?? this.#house),
      made,
      sinceFirstMs: delivery.sinceFirstMs + tookMs,
      chance: Math.random(),
    });
    const verdict = extra && judged.verdict === 'retry' ? { ...judged, afterMs: left(delivery, tookMs) } : judged;
    this.count(attempt, verdict, delivery, tookMs);
    return { verdict, attempts: made, tookMs, timedOut: attempt.kind === 'timeout' };
  }

  /** The webhook was deleted: nobody is left to send to. */
  private orphaned({ attempts }: Delivery): Attempted {
    this.metrics.buried();
    return { verdict: { verdict: 'buried', why: 'webhook deleted' }, attempts, tookMs: 0, timedOut: false };
  }

  private count(attempt: Attempt, { verdict }: Verdict, delivery: Delivery, tookMs: number): void {
    this.metrics.attempted(
      attempt.kind === 'answered' ? `${Math.floor(attempt.status / 100)}xx` : attempt.kind,
      tookMs,
    );
    if (verdict === 'delivered') this.metrics.delivered(delivery.ageMs + tookMs);
    if (verdict === 'buried') this.metrics.buried();
  }
}

const left = ({ waitMs }: Delivery, tookMs: number): number => Math.max(1, waitMs - tookMs);

/** What is stored beside the outcome: the last thing that went wrong. */
export const errorOf = (verdict: Verdict): string | null => (verdict.verdict === 'delivered' ? null : verdict.why);
