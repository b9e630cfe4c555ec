import { Injectable } from '@nestjs/common';
import { sql, type RawBuilder } from 'kysely';
import type { AppId, ConversationId, SwitchboardIntegrationId } from '../../kernel/index.js';
import { Db } from '../../platform/postgres/index.js';
import type { LaneKey } from './delivery.store.js';

/** What a receiver has not taken yet: the head of a lane, or a delivery that was buried. */
export interface Untaken extends LaneKey {
  /** `null`: the lane's head, whichever that is. */
  readonly deliveryId: string | null;
  readonly waitedMs: number;
}

/** A deadline that was set, for the lane of its delivery. */
export interface Deadline extends LaneKey {
  readonly dueMs: number;
}

/** A deadline that came while the delivery was not taken. */
export interface Overdue {
  readonly deliveryId: string;
  readonly partition: number;
  readonly appId: AppId;
  readonly conversationId: ConversationId;
  readonly role: 'active' | 'pending';
  /** The control epoch of the holder, the offer's `seq` of the invited one. */
  readonly mark: number;
  readonly switchboardIntegrationId: SwitchboardIntegrationId;
}

/** `over`: the delivery was taken, or nobody waits for it any more; `later`: the deadline was extended. */
type Found = Overdue & { readonly verdict: 'dead' | 'over' | 'later' };

/** The deadlines of receivers that hold control or are invited to. Rows, so that they outlive the process. */
@Injectable()
export class HolderWatchStore {
  constructor(private readonly db: Db) {}

  /**
   * Sets the deadline of each delivery whose receiver holds control at this moment, or is invited with a chain behind it;
   * of nobody on standby. Answers the deadlines it set. Each stands until it comes, or until control has changed hands and the delivery is untaken still.
   */
  async watch(untaken: readonly Untaken[]): Promise<readonly Deadline[]> {
    const column = <K extends keyof Untaken>(name: K): Untaken[K][] => untaken.map((one) => one[name]);
    const { rows } = await sql<Deadline>`
      WITH set AS (
      INSERT INTO holder_watch (delivery_id, partition, role, mark, since, due_at)
      SELECT DISTINCT ON (h.id) h.id, k.partition, p.role,
             CASE p.role WHEN 'active' THEN c.control_epoch ELSE (c.state #>> '{control,offer,seq}')::bigint END,
             t.since, t.since + l.holder_deadline_seconds * interval '1 second'
      FROM unnest(${column('partition')}::smallint[], ${column('webhookId')}::entity_id[],
                  ${column('lane')}::entity_id[], ${column('deliveryId')}::entity_id[],
                  ${column('waitedMs')}::float8[]) AS k(partition, webhook_id, lane, delivery_id, waited_ms)
      JOIN webhook w ON w.id = k.webhook_id
      JOIN switchboard_integration l ON l.integration_id = w.integration_id AND l.holder_deadline_seconds IS NOT NULL
      JOIN switchboard s ON s.id = l.switchboard_id AND s.enabled
      JOIN conversation c ON c.id = k.lane
      CROSS JOIN LATERAL (SELECT CASE
        WHEN c.state #>> '{control,active}' = l.id THEN 'active'
        WHEN c.state #>> '{control,offer,to}' = l.id AND c.state #>> '{control,offer,fallback}' IS NOT NULL
        THEN 'pending' END AS role) p
      CROSS JOIN LATERAL (SELECT coalesce(k.delivery_id, (
        SELECT id FROM delivery
        WHERE partition = k.partition AND webhook_id = k.webhook_id AND lane = k.lane AND done_at IS NULL
        ORDER BY position LIMIT 1)) AS id) h
      CROSS JOIN LATERAL (SELECT greatest(
        clock_timestamp() - k.waited_ms * interval '1 ms',
        CASE p.role WHEN 'active' THEN to_timestamp((c.state #>> '{session,talk,heldSince}')::float8 / 1000) END
      ) AS since) t
      WHERE p.role IS NOT NULL AND h.id IS NOT NULL
      ORDER BY h.id, t.since
      ON CONFLICT (delivery_id) DO UPDATE
      SET role = excluded.role, mark = excluded.mark, since = excluded.since, due_at = excluded.due_at
      WHERE (holder_watch.role, holder_watch.mark) <> (excluded.role, excluded.mark)
      RETURNING delivery_id, due_at)
      SELECT d.partition::int, d.webhook_id AS "webhookId", d.lane,
             extract(epoch FROM set.due_at - clock_timestamp())::float8 * 1000 AS "dueMs"
      FROM set JOIN delivery d ON d.id = set.delivery_id`.execute(this.db.as('lanes').kysely);
    return rows;
  }

  /**
   * Deadlines that came, of these partitions, longest first, and what they mean now. A receiver is dead when none of the
   * webhooks of its integration took the delivery or anything behind it: another webhook of the same bot may be alive,
   * and one that answers 404 to everything buries what it is sent. The clock is read once, by a subquery: asked row by
   * row it keeps the index from being used, and a look costs as much as there are deadlines.
   */
  async due(partitions: readonly number[], most: number): Promise<readonly Found[]> {
    const { rows } = await dueDeadlines(partitions, most).execute(this.db.as('lanes').kysely);
    return rows;
  }

  /** Whoever was given more time since has until then. */
  async postpone(deliveryIds: readonly string[]): Promise<void> {
    await sql`
      UPDATE holder_watch h SET due_at = h.since + l.holder_deadline_seconds * interval '1 second'
      FROM delivery d
      JOIN webhook w ON w.id = d.webhook_id
      JOIN switchboard_integration l ON l.integration_id = w.integration_id
      WHERE h.delivery_id = ANY(${[...deliveryIds]}::entity_id[]) AND d.id = h.delivery_id
        AND l.holder_deadline_seconds IS NOT NULL`.execute(this.db.as('lanes').kysely);
  }

  /** Unless it was set anew meanwhile. */
  async forget(done: readonly Pick<Overdue, 'deliveryId' | 'role' | 'mark'>[]): Promise<void> {
    await sql`
      DELETE FROM holder_watch h
      USING unnest(${done.map(({ deliveryId }) => deliveryId)}::entity_id[], ${done.map(({ role }) => role)}::text[],
                   ${done.map(({ mark }) => mark)}::bigint[]) AS r(delivery_id, role, mark)
      WHERE h.delivery_id = r.delivery_id AND h.role = r.role AND h.mark = r.mark`.execute(this.db.as('lanes').kysely);
  }
}

/** Ids begin with milliseconds: what was made with this delivery or behind it is greater, whichever process made it. */
const BEFORE = sql`lpad(to_hex(('x' || left(d.id, 12))::bit(48)::bigint - 10000), 12, '0')`;

/** Exported so that its plan can be looked at. */
export const dueDeadlines = (partitions: readonly number[], most: number): RawBuilder<Found> => sql<Found>`
      SELECT h.delivery_id AS "deliveryId", h.partition::int, d.app_id AS "appId", d.lane AS "conversationId", h.role,
             h.mark::float8 AS mark, l.id AS "switchboardIntegrationId",
             CASE WHEN d.id IS NULL OR d.outcome = 'delivered' OR l.holder_deadline_seconds IS NULL OR EXISTS (
                    SELECT FROM webhook o JOIN delivery b ON b.webhook_id = o.id
                    WHERE o.integration_id = w.integration_id AND b.id > before.id AND b.lane = d.lane
                      AND b.position >= d.position AND b.outcome = 'delivered')
                  THEN 'over'
                  WHEN h.since + l.holder_deadline_seconds * interval '1 second' > clock_timestamp() THEN 'later'
                  ELSE 'dead' END AS verdict
      FROM holder_watch h
      LEFT JOIN delivery d ON d.id = h.delivery_id
      LEFT JOIN webhook w ON w.id = d.webhook_id
      LEFT JOIN switchboard_integration l ON l.integration_id = w.integration_id
      CROSS JOIN LATERAL (SELECT ${BEFORE} AS id) before
      WHERE h.due_at <= (SELECT clock_timestamp()) AND h.partition = ANY(${[...partitions]}::smallint[])
      ORDER BY h.due_at
      LIMIT ${most}`;
