import type { AppConfiguration, WebhookSetting } from '../../configuration/index.js';
import { holderOf, pendingOf, type Control, type Switchboard } from '../../conversation/index.js';
import type { IntegrationId } from '../../kernel/index.js';

/** What decides who hears of an event; a `Moment` is one, and so is a typing signal. */
export interface Occasion {
  readonly trigger: string;
  readonly positions: readonly Control[];
  readonly invoker: IntegrationId | null;
}

/** The webhooks of an app that get an event: subscribed to it, and in a position to hear of it (`docs/wire.md` 8). */
export function recipientsOf(occasion: Occasion, configuration: AppConfiguration): readonly WebhookSetting[] {
  return configuration.webhooks.filter(
    (webhook) =>
      subscribed(webhook, occasion.trigger) &&
      (webhook.integrationId === occasion.invoker ||
        hears(webhook.integrationId, occasion.positions, configuration.switchboard)),
  );
}

/** Of what is no conversation's, everybody hears who is subscribed (`docs/wire.md` 8). */
export const subscribersOf = (trigger: string, { webhooks }: AppConfiguration): readonly WebhookSetting[] =>
  webhooks.filter((webhook) => subscribed(webhook, trigger));

/** Triggers are case sensitive; `*` is every trigger, our own included. */
function subscribed(webhook: WebhookSetting, trigger: string): boolean {
  return webhook.triggers.has(trigger) || webhook.triggers.has('*');
}

/**
 * Active and pending always hear, a pending one even with standby delivery off; on standby only with it on. Who is not
 * linked hears everything, and so does everybody while there is no enabled switchboard.
 */
function hears(integrationId: IntegrationId, positions: readonly Control[], switchboard: Switchboard | null): boolean {
  if (!switchboard?.enabled) return true;
  const linked = switchboard.integrations.filter((link) => link.integrationId === integrationId);
  if (linked.length === 0) return true;
  return linked.some(
    ({ id, deliverStandbyEvents }) =>
      deliverStandbyEvents || positions.some((control) => holderOf(control) === id || pendingOf(control) === id),
  );
}
