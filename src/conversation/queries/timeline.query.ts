import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { ConversationId } from '../../kernel/index.js';
import { Db, strayCursor } from '../../platform/postgres/index.js';
import type { ConversationEventType } from '../core/index.js';
import { beyond, order, type Slice } from '../../platform/http/index.js';

/** A line as it is stored: an event, or a refusal standing behind the event it was decided after. */
export interface TimelineRecord {
  readonly id: string;
  readonly kind: 'event' | 'refusal';
  /** Name of the event, or the reason of the refusal. */
  readonly type: string;
  readonly at: Date;
  readonly seq: number;
  readonly controlEpoch: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Events that tell who could speak, who was asked to, and why; of messages only those
 * sent out of turn, as a parting word, or by a key that speaks for the end user. */
const TOLD: readonly ConversationEventType[] = [
  'conversationStarted',
  'conversationClosed',
  'controlAssigned',
  'controlPassed',
  'controlOffered',
  'controlAccepted',
  'controlDeclined',
  'offerExpired',
  'controlReleased',
  'holderRemoved',
  'controlFailed',
  'holderFailed',
  'replyOverdue',
  'offersExhausted',
  'handOffLoopStopped',
  'sessionStarted',
  'consentRequested',
  'consentGiven',
  'consentRefused',
  'sessionAnswered',
  'sessionQueued',
  'sessionDequeued',
  'queueOverflowed',
  'workOffered',
  'workDeclined',
  'workOpened',
  'workTransferred',
  'agentJoined',
  'agentLeft',
  'sessionInactivated',
  'sessionReactivated',
  'sessionReminded',
  'ticketChanged',
  'sessionEndRequested',
  'sessionEnding',
  'sessionEnded',
];

interface LineRow {
  readonly id: string;
  readonly rank: number;
  readonly type: string;
  readonly at: Date;
  readonly seq: number;
  readonly control_epoch: number;
  readonly data: Readonly<Record<string, unknown>>;
}

@Injectable()
export class TimelineQuery {
  constructor(private readonly db: Db) {}

  /** In reading direction; cursors are ids of lines. */
  async of(conversationId: ConversationId, { cursor, direction, limit }: Slice): Promise<readonly TimelineRecord[]> {
    const edge = cursor === null ? null : await this.placeOf(conversationId, cursor);
    const from = edge
      ? sql`WHERE (seq, rank, id) ${sql.raw(beyond(direction))} (${edge.seq}, ${edge.rank}, ${edge.id})`
      : sql``;
    const by = sql.raw(order(direction));
    const { rows } = await sql<LineRow>`
      SELECT * FROM (${lines(conversationId)}) AS line ${from}
      ORDER BY seq ${by}, rank ${by}, id ${by} LIMIT ${limit}`.execute(this.db.kysely);
    return rows.map(recordOf);
  }

  private async placeOf(conversationId: ConversationId, id: string): Promise<Pick<LineRow, 'id' | 'seq' | 'rank'>> {
    const { rows } = await sql<LineRow>`
      SELECT id, seq, rank FROM (${lines(conversationId)}) AS line WHERE id = ${id}`.execute(this.db.kysely);
    const row = rows[0];
    if (!row) throw strayCursor();
    return row;
  }
}

const lines = (conversationId: ConversationId) => sql`
  SELECT id, 0 AS rank, type, at, seq, control_epoch, data FROM event
  WHERE conversation_id = ${conversationId}
    AND (type = ANY(${[...TOLD]}::text[])
         OR (type = 'messageSent' AND ((data ->> 'outOfTurn')::boolean OR (data ->> 'parting')::boolean))
         OR (type = 'messageReceived' AND data -> 'by' ->> 'type' = 'integration'))
  UNION ALL
  SELECT id, 1 AS rank, reason, at, seq, control_epoch, data FROM refusal
  WHERE conversation_id = ${conversationId}`;

function recordOf({ id, rank, type, at, seq, control_epoch, data }: LineRow): TimelineRecord {
  return { id, kind: rank === 0 ? 'event' : 'refusal', type, at, seq, controlEpoch: control_epoch, data };
}
