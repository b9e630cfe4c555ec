import { Injectable } from '@nestjs/common';
import { sql, type RawBuilder } from 'kysely';
import type { AppId, ConversationId, SessionId } from '../kernel/index.js';
import { Db } from '../platform/postgres/index.js';
import type { Removal } from './removals.store.js';

/** A conversation that stands on something that is gone, and the number of its last event. */
export interface Standing {
  readonly id: ConversationId;
  readonly seq: number;
  /** Its place in the look, from 1. */
  readonly nth: number;
}

/** Conversations that one look passed, and those of them that stand on what is gone, the newest first. */
export interface Look {
  /** The last one it passed; `null`: there are no more. */
  readonly last: string | null;
  readonly lookedAt: number;
  readonly standing: readonly Standing[];
}

export interface LiveSession {
  readonly id: SessionId;
  readonly conversationId: ConversationId;
  /** Its end was asked before: a post-end integration holds control. */
  readonly ending: boolean;
}

/** Conversations that one look passes: some milliseconds of reading, while nothing is held. */
const LOOK = 1_000;

/**
 * Who stands on what. No index says so: it would cost every command of every conversation something, for what happens
 * once in a while. The job walks the app's conversations instead, the newest first, because the live ones are there.
 */
@Injectable()
export class GroundsStore {
  constructor(private readonly db: Db) {}

  async conversations(appId: AppId): Promise<number> {
    return this.count(sql`SELECT count(*)::int AS n FROM conversation WHERE app_id = ${appId}`);
  }

  async liveSessions(appId: AppId): Promise<number> {
    return this.count(sql`SELECT count(*)::int AS n FROM session WHERE app_id = ${appId} AND ended_at IS NULL`);
  }

  /** The next conversations behind `place`, looked at without a lock: the command decides under one. */
  async look({ appId, grounds, place }: Pick<Removal, 'appId' | 'grounds' | 'place'>): Promise<Look> {
    const { rows } = await sql<{ last: string | null; lookedAt: number; standing: readonly Standing[] | null }>`
      SELECT min(c.id) AS last, count(*)::int AS "lookedAt",
             jsonb_agg(jsonb_build_object('id', c.id, 'seq', c.seq, 'nth', c.nth) ORDER BY c.id DESC)
               FILTER (WHERE ${STANDS(grounds)}) AS standing
      FROM (SELECT id, seq, state, row_number() OVER (ORDER BY id DESC)::int AS nth FROM conversation
            WHERE app_id = ${appId} AND (${place} = '' OR id < ${place})
            ORDER BY id DESC LIMIT ${LOOK}) c`.execute(this.db.kysely);
    const [found] = rows;
    return { last: found?.last ?? null, lookedAt: found?.lookedAt ?? 0, standing: found?.standing ?? [] };
  }

  /** Sessions of an app that have not ended, behind `place`. */
  async live({ appId, place }: Pick<Removal, 'appId' | 'place'>, most: number): Promise<readonly LiveSession[]> {
    const { rows } = await sql<LiveSession>`
      SELECT id, conversation_id AS "conversationId", status = 'ENDING' AS ending FROM session
      WHERE app_id = ${appId} AND ended_at IS NULL AND id > ${place} ORDER BY id LIMIT ${most}`.execute(this.db.kysely);
    return rows;
  }

  private async count(query: RawBuilder<{ n: number }>): Promise<number> {
    const { rows } = await query.execute(this.db.kysely);
    return rows[0]?.n ?? 0;
  }
}

/** Who holds control or is invited to, now or next; and of a session that is not over, its flow, queue and channel. */
const STANDS = (grounds: readonly string[]): RawBuilder<boolean> => sql`(
  c.state #>> '{control,active}' = ANY(${grounds}::text[])
  OR c.state #>> '{control,offer,to}' = ANY(${grounds}::text[])
  OR coalesce(c.state #> '{control,offer,fallback,chain}', '[]') ?| ${grounds}::text[]
  OR (c.state #>> '{session,status}' NOT IN ('ENDED', 'ERROR')
      AND (c.state #>> '{session,postEnd,integrationId}' = ANY(${grounds}::text[])
           OR c.state #>> '{session,human,queueId}' = ANY(${grounds}::text[])
           OR c.state #>> '{session,channelId}' = ANY(${grounds}::text[])
           OR c.state ->> 'channelId' = ANY(${grounds}::text[]))))`;
