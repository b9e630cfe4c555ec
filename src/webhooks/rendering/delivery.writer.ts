import type { Settled } from '../../conversation/index.js';
import { partitionOf, type AppId, type EventId, type Millis } from '../../kernel/index.js';
import type { Partitions, RowWriter, Written } from '../../ledger/index.js';
import { newId } from '../../platform/ids.js';
import type { LaneKey } from '../lanes/delivery.store.js';
import { momentsOf, type Moment } from './moments.js';
import { envelope, renderEvent, type Variant } from './payloads.js';
import { recipientsOf } from './recipients.js';
import type { WebhookMetrics } from '../webhook-metrics.js';

export interface DeliveryRow extends LaneKey {
  readonly id: string;
  readonly appId: AppId;
  readonly position: number;
  readonly eventId: EventId;
  readonly trigger: string;
  readonly body: string;
  readonly at: Millis;
}

/** One multi-row statement; `valuesOf` are its values. */
export const INSERT = `
  INSERT INTO delivery (id, partition, app_id, webhook_id, lane, position, event_id, trigger, body, created_at, next_at)
  SELECT r.id, r.partition, r.app_id, r.webhook_id, r.lane, r.position, r.event_id, r.trigger, r.body, r.at, r.at
  FROM unnest($1::entity_id[], $2::smallint[], $3::entity_id[], $4::entity_id[], $5::entity_id[], $6::bigint[],
              $7::entity_id[], $8::text[], $9::text[], $10::timestamptz[])
       AS r(id, partition, app_id, webhook_id, lane, position, event_id, trigger, body, at)`;

/** Writes deliveries in the transaction of their events: who gets them and their bytes are fixed there. */
export class DeliveryWriter implements RowWriter<Settled> {
  readonly name = 'deliveries';

  constructor(
    private readonly partitions: Partitions,
    private readonly metrics: WebhookMetrics,
    /** The lanes of this process; does nothing where the process has none. */
    private readonly touch: ((key: LaneKey) => void) | null,
  ) {}

  write(entries: readonly Settled[]): Written | null {
    const rows = entries.flatMap(deliveriesOf);
    if (rows.length === 0) return null;
    return {
      statement: { name: 'deliveries_insert', text: INSERT, values: valuesOf(rows) },
      committed: () => this.handOver(rows),
    };
  }

  /** To the lanes here when the partition is ours, else a wake to its owner; whatever gets lost, the sweep finds. */
  handOver(rows: readonly DeliveryRow[]): void {
    this.metrics.made(rows.length);
    const elsewhere = new Set<number>();
    for (const { partition, webhookId, lane } of rows) {
      if (this.touch && this.partitions.fence(partition) !== null) this.touch({ partition, webhookId, lane });
      else elsewhere.add(partition);
    }
    if (elsewhere.size > 0) this.partitions.wake(elsewhere);
  }
}

export function valuesOf(rows: readonly DeliveryRow[]): readonly unknown[][] {
  const column = <K extends keyof DeliveryRow>(name: K): DeliveryRow[K][] => rows.map((row) => row[name]);
  return [
    column('id'),
    column('partition'),
    column('appId'),
    column('webhookId'),
    column('lane'),
    column('position'),
    column('eventId'),
    column('trigger'),
    column('body'),
    rows.map(({ at }) => new Date(at)),
  ];
}

/** The deliveries of one decision, in the order of its events. */
export function deliveriesOf(settled: Settled): readonly DeliveryRow[] {
  return momentsOf(settled).flatMap((moment) => {
    const render = onePerVariant((variant) => renderEvent(settled, moment, variant));
    return recipientsOf(moment, settled.configuration).map((webhook) => ({
      ...placeOf(settled, moment),
      id: newId(),
      webhookId: webhook.id,
      body: envelope(settled.appId, webhook.id, render(webhook)),
    }));
  });
}

function placeOf({ appId, conversationId }: Settled, { recorded, trigger }: Moment) {
  return {
    partition: partitionOf(conversationId),
    appId,
    lane: conversationId,
    position: recorded.seq,
    eventId: recorded.id,
    trigger,
    at: recorded.at,
  };
}

/** Renders each variant at most once, however many webhooks asked for it. */
export function onePerVariant(render: (variant: Variant) => string): (variant: Variant) => string {
  const rendered: string[] = [];
  return (variant) => {
    const index = (variant.includeFullUser ? 1 : 0) + (variant.includeFullSource ? 2 : 0);
    return (rendered[index] ??= render(variant));
  };
}
