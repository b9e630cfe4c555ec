import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { partitionOf, type AppId, type ConversationId, type UserId } from '../kernel/index.js';
import { Db, type Tx } from '../platform/postgres/index.js';

/** Whose traces, and how much of them: `wholly` also what they said, and the business' own id of them. */
export interface Person {
  readonly appId: AppId;
  readonly userId: UserId;
  readonly wholly: boolean;
}

/** Takes an end user's name out of every copy of what was said (`copies.ts`). */
@Injectable()
export class PersonErasure {
  constructor(private readonly db: Db) {}

  /** Where they take part, or took part until they left. */
  async conversations(userId: UserId, on: Tx | Db['kysely'] = this.db.kysely): Promise<readonly ConversationId[]> {
    const { rows } = await sql<{ id: ConversationId }>`
      SELECT conversation_id AS id FROM participant WHERE user_id = ${userId}
      UNION
      SELECT conversation_id FROM event WHERE left_user = ${userId}
      ORDER BY id`.execute(on);
    return rows.map(({ id }) => id);
  }

  /** These conversations in a transaction of their own; the user's row was changed and committed before. */
  eraseIn(person: Person, ids: readonly ConversationId[]): Promise<void> {
    return this.db.transaction((tx) => this.eraseWithin(tx, person, ids));
  }

  /**
   * Under the locks of the conversations: whoever read the name before has written by then, and whoever comes reads what
   * the user's row says now.
   */
  async eraseWithin(tx: Tx, person: Person, ids: readonly ConversationId[]): Promise<void> {
    await sql`SELECT FROM conversation WHERE id = ANY(${ids}::text[]) ORDER BY id FOR UPDATE`.execute(tx);
    if (!person.wholly) await eraseAuthors(tx, person.userId, ids);
    await eraseDeliveries(tx, person, ids);
    await eraseAnswers(tx, person, ids);
  }
}

async function eraseAuthors(tx: Tx, userId: UserId, ids: readonly ConversationId[]): Promise<void> {
  await sql`
    UPDATE message SET body = without_author(body, ${userId}, false)
    WHERE conversation_id = ANY(${ids}::text[]) AND author_type = 'user'
      AND body #>> '{author,userId}' = ${userId}
      AND body -> 'author' ?| ARRAY['displayName', 'avatarUrl']`.execute(tx);
}

async function eraseDeliveries(tx: Tx, { appId, userId, wholly }: Person, ids: readonly ConversationId[]) {
  const lanes = [...ids, userId];
  const partitions = lanes.map((id) => partitionOf(id));
  await sql`
    WITH lanes AS (SELECT * FROM unnest(${lanes}::text[], ${partitions}::smallint[]) AS l (lane, partition)),
    kept AS (
      SELECT d.id, d.body FROM lanes l
      JOIN delivery d ON d.partition = l.partition AND d.lane = l.lane AND d.done_at IS NULL
      UNION ALL
      SELECT d.id, d.body FROM lanes l JOIN delivery d ON d.lane = l.lane AND d.done_at IS NOT NULL)
    UPDATE delivery d
    SET body = jsonb_set(k.body::jsonb, '{events,0,payload}',
                         without_person(k.body::jsonb #> '{events,0,payload}', ${userId}, ${wholly}))::text
    FROM kept k WHERE d.id = k.id AND d.app_id = ${appId} AND position(${userId}::text IN k.body) > 0`.execute(tx);
}

async function eraseAnswers(tx: Tx, { userId, wholly }: Person, ids: readonly ConversationId[]): Promise<void> {
  await sql`
    UPDATE idempotency i
    SET answer = '\\x00'::bytea || convert_to((CASE
      WHEN s.json #> '{answer,profile}' IS NOT NULL
        THEN jsonb_set(s.json, '{answer}', without_name(s.json -> 'answer', ${wholly}))
      WHEN jsonb_typeof(s.json #> '{answer,created}') = 'array'
        THEN jsonb_set(s.json, '{answer,created}', (
          SELECT coalesce(jsonb_agg(without_author(m, ${userId}, ${wholly}) ORDER BY place), '[]')
          FROM jsonb_array_elements(s.json #> '{answer,created}') WITH ORDINALITY AS e (m, place)))
      WHEN s.json #>> '{answer,created,userId}' = ${userId}
        THEN jsonb_set(s.json, '{answer,created}', without_name(s.json #> '{answer,created}', ${wholly}))
      ELSE s.json END)::text, 'UTF8')
    FROM (SELECT a.key, convert_from(substr(a.answer, 2), 'UTF8')::jsonb AS json FROM idempotency a
          WHERE a.about = ANY(${[...ids, userId]}::text[]) AND get_byte(a.answer, 0) = 0) s
    WHERE i.key = s.key`.execute(tx);
}
