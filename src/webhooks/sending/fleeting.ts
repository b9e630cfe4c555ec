import type { ActivitySignal } from '../../conversation/index.js';
import { newId } from '../../platform/ids.js';
import { onePerVariant } from '../rendering/delivery.writer.js';
import type { Endpoints } from './endpoints.js';
import { envelope, renderActivity } from '../rendering/payloads.js';
import { recipientsOf } from '../rendering/recipients.js';
import { isSuccess } from './outcome.js';
import type { Sender } from './sender.js';
import type { WebhookMetrics } from '../webhook-metrics.js';

/** At most so many under way in this process; what comes on top is skipped. */
const MOST_UNDER_WAY = 64;

/** Typing and reads: no row, one attempt, no order. Late news of these would be false news. */
export class Fleeting {
  #underWay = 0;

  constructor(
    private readonly sender: Sender,
    private readonly endpoints: Endpoints,
    private readonly metrics: WebhookMetrics,
  ) {}

  /** Resolves when every attempt has ended; never rejects. */
  async tell(signal: ActivitySignal): Promise<void> {
    const trigger = signal.activity.type === 'conversation:read' ? 'conversation:read' : 'conversation:typing';
    const occasion = { trigger, positions: [signal.state.control], invoker: null };
    const id = newId();
    const render = onePerVariant((variant) => renderActivity(id, signal, variant));
    await Promise.all(
      recipientsOf(occasion, signal.configuration).map((webhook) =>
        this.once(webhook.id, { eventId: id, body: envelope(signal.appId, webhook.id, render(webhook)) }),
      ),
    );
  }

  private async once(webhookId: Parameters<Endpoints['of']>[0], parcel: Parameters<Sender['send']>[1]): Promise<void> {
    if (this.#underWay >= MOST_UNDER_WAY) return this.metrics.fleeting('skipped');
    this.#underWay += 1;
    try {
      const endpoint = await this.endpoints.of(webhookId);
      const attempt = endpoint && (await this.sender.send(endpoint, parcel));
      const delivered = attempt !== null && isSuccess(attempt);
      this.metrics.fleeting(delivered ? 'delivered' : 'lost');
    } catch {
      this.metrics.fleeting('lost');
    } finally {
      this.#underWay -= 1;
    }
  }
}
