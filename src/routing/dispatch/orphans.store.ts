import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Db } from '../../platform/postgres/index.js';

/** Looked at in one transaction, each under the lock of its conversation. */
const PIECE = 500;

/**
 * Sessions that wait without a place in line, and places without a session that waits. Both are written in one
 * transaction, so there are none, unless somebody wrote to the tables by hand or a restored copy was mended.
 */
@Injectable()
export class OrphansStore {
  constructor(private readonly db: Db) {}

  /** Puts right what it finds, and says how many that were. A conversation that is being changed is left for later. */
  repair(): Promise<number> {
    return this.db.as('routing').transaction(async (tx) => {
      const missing = await sql<{ id: string }>`
        SELECT c.id FROM conversation c WHERE c.id IN (
          SELECT s.conversation_id FROM session s
          WHERE s.status = 'WAITING' AND NOT EXISTS (SELECT FROM waiting w WHERE w.session_id = s.id)
          LIMIT ${PIECE})
        ORDER BY c.id FOR UPDATE SKIP LOCKED`.execute(tx);
      const added = await sql`${ADD} WHERE c.id = ANY(${missing.rows.map(({ id }) => id)}::text[])
        AND c.state -> 'session' ->> 'status' = 'WAITING' ON CONFLICT DO NOTHING`.execute(tx);
      const left = await sql<{ id: string }>`
        SELECT c.id FROM conversation c WHERE c.id IN (
          SELECT w.conversation_id FROM waiting w
          WHERE NOT EXISTS (SELECT FROM session s WHERE s.id = w.session_id AND s.status = 'WAITING')
          LIMIT ${PIECE})
        ORDER BY c.id FOR UPDATE SKIP LOCKED`.execute(tx);
      const removed = await sql`
        DELETE FROM waiting w USING conversation c
        WHERE c.id = ANY(${left.rows.map(({ id }) => id)}::text[]) AND w.conversation_id = c.id
          AND (c.state -> 'session' ->> 'id' IS DISTINCT FROM w.session_id
               OR c.state -> 'session' ->> 'status' IS DISTINCT FROM 'WAITING')`.execute(tx);
      const homeless = await sql`
        DELETE FROM waiting w WHERE NOT EXISTS (SELECT FROM conversation c WHERE c.id = w.conversation_id)`.execute(tx);
      return [added, removed, homeless].reduce((sum, { numAffectedRows = 0n }) => sum + Number(numAffectedRows), 0);
    });
  }
}

/** As `waitingRows` writes it, from the state of the conversation. */
const ADD = sql`
  INSERT INTO waiting (session_id, conversation_id, app_id, queue_id, requested_at, since, priority, skills, load,
                       preferred, last_agent, tried, offered_to, work_item_id, overflowed)
  SELECT s.session ->> 'id', c.id, c.app_id, s.session -> 'human' ->> 'queueId',
         to_timestamp((s.session -> 'human' ->> 'requestedAt')::float8 / 1000),
         to_timestamp((s.session -> 'waiting' ->> 'since')::float8 / 1000), 0,
         s.session -> 'waiting' -> 'skills', s.session -> 'human' -> 'load', s.session -> 'waiting' ->> 'preferred',
         s.session -> 'human' ->> 'lastAgent', s.session -> 'waiting' -> 'tried',
         s.session -> 'waiting' -> 'offer' ->> 'agentId', s.session -> 'waiting' -> 'offer' ->> 'workItemId',
         (s.session -> 'waiting' ->> 'overflowed')::boolean
  FROM conversation c CROSS JOIN LATERAL (SELECT c.state -> 'session' AS session) s`;
