import { CompiledQuery } from 'kysely';
import type { UserEvent } from '../../conversation/index.js';
import { partitionOf } from '../../kernel/index.js';
import { newId } from '../../platform/ids.js';
import type { Tx } from '../../platform/postgres/index.js';
import { INSERT, onePerVariant, valuesOf, type DeliveryRow, type DeliveryWriter } from './delivery.writer.js';
import { envelope, renderUserEvent } from './payloads.js';
import { subscribersOf } from './recipients.js';
import { userTriggerOf } from './triggers.js';

/** Deliveries of what happens to end users: written with the change, in a lane of each user. */
export class UserDeliveries {
  constructor(private readonly deliveries: Pick<DeliveryWriter, 'handOver'>) {}

  async write(tx: Tx, event: UserEvent): Promise<() => void> {
    const rows = userDeliveriesOf(event);
    if (rows.length > 0) await tx.executeQuery(CompiledQuery.raw(INSERT, [...valuesOf(rows)]));
    return () => {
      if (rows.length > 0) this.deliveries.handOver(rows);
    };
  }
}

export function userDeliveriesOf(event: UserEvent): readonly DeliveryRow[] {
  const { id: eventId, appId, user, told, at, configuration } = event;
  const trigger = userTriggerOf(event);
  const render = onePerVariant((variant) => renderUserEvent(event, variant));
  return subscribersOf(trigger, configuration).map((webhook) => ({
    id: newId(),
    partition: partitionOf(user.id),
    appId,
    webhookId: webhook.id,
    lane: user.id,
    position: told,
    eventId,
    trigger,
    body: envelope(appId, webhook.id, render(webhook)),
    at,
  }));
}
