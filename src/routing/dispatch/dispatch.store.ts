import { Injectable } from '@nestjs/common';
import { sql, type RawBuilder } from 'kysely';
import { agentOf, type Agent } from '../../agents/index.js';
import type { AppId, ConversationId, Millis, QueueId, SessionId, WorkItemId } from '../../kernel/index.js';
import { Db } from '../../platform/postgres/index.js';
import type { WaitingWork } from '../core/waiting.js';

/** Sessions of one queue that nobody is asked for; `null`: of an app without queues. */
export interface Line {
  readonly appId: AppId;
  readonly queueId: QueueId | null;
}

export interface Unserved {
  /** Of the app's configuration. */
  readonly version: number;
  readonly now: Millis;
  readonly queueIds: readonly (QueueId | null)[];
}

export interface InLine extends WaitingWork {
  /** Since when it waits in this queue, when it was read, by the clock of the database. */
  readonly waitedMs: Millis;
}

export interface OpenOffer {
  readonly sessionId: SessionId;
  readonly conversationId: ConversationId;
  readonly workItemId: WorkItemId;
}

@Injectable()
export class DispatchStore {
  constructor(private readonly db: Db) {}

  /** Apps in which somebody waits unasked, or an offer waits to be accepted for its agent. */
  async apps(): Promise<readonly AppId[]> {
    const { rows } = await APPS.execute(this.db.as('routing').kysely);
    return rows.map(({ app_id }) => app_id as AppId);
  }

  /** Which queues have somebody whom nobody is asked for, by which configuration, and what time it is. */
  async unserved(appId: AppId): Promise<Unserved> {
    const { rows } = await sql<{ version: number; now: number; queue_ids: (QueueId | null)[] }>`
      SELECT a.config_version AS version, ${NOW} AS now, ARRAY(
        SELECT q.id FROM queue q WHERE q.app_id = a.id AND (
          SELECT true FROM waiting w WHERE w.app_id = a.id AND w.queue_id = q.id AND w.offered_to IS NULL ${HEAD})
        UNION ALL
        SELECT NULL WHERE (
          SELECT true FROM waiting w WHERE w.app_id = a.id AND w.queue_id IS NULL AND w.offered_to IS NULL ${HEAD}))
        AS queue_ids
      FROM app a WHERE a.id = ${appId}`.execute(this.db.as('routing').kysely);
    const [row] = rows;
    return { version: row?.version ?? 0, now: row?.now ?? 0, queueIds: row?.queue_ids ?? [] };
  }

  /** Who may be offered work and has room in some pool, as committed last. */
  async agents(appId: AppId): Promise<readonly Agent[]> {
    const { rows } = await sql<Record<string, unknown>>`
      SELECT id, profile, presence, work, seq FROM agent
      WHERE app_id = ${appId} AND offerable
        AND (primary_used < primary_limit OR capacity -> 'interruptible' <> 'null' OR capacity -> 'buckets' <> 'null')
    `.execute(this.db.as('routing').kysely);
    return rows.map(agentOf);
  }

  /** Those of a line that nobody is asked for, in their turn, behind `after`. */
  async inLine(line: Line, after: WaitingWork | null, limit: number): Promise<readonly InLine[]> {
    const behind = after
      ? sql`AND (w.priority < ${after.priority} OR (w.priority = ${after.priority} AND
             (w.requested_at, w.session_id) >
             (to_timestamp(${after.requestedAt} / 1000.0::float8), ${after.sessionId})))`
      : sql``;
    return this.#read(sql`${unasked(line)} ${behind} ${IN_TURN} LIMIT ${limit}`);
  }

  /** Those who are too many, beyond `most`, the last in line first; who was told already is dealt with. */
  async beyond(line: Line, most: number, limit: number): Promise<readonly InLine[]> {
    const tooMany = sql`SELECT greatest(count(*) FILTER (WHERE NOT w.overflowed) - ${most}::int, 0)
      FROM waiting w WHERE ${unasked(line)}`;
    const some = most === 0 ? sql`${limit}` : sql`least(${limit}::int8, (${tooMany}))`;
    return this.#read(sql`${unasked(line)} AND NOT w.overflowed
      ORDER BY w.priority, w.requested_at DESC, w.session_id DESC LIMIT ${some}`);
  }

  /** Offers in queues whose agents are not asked (`autoAccept`). */
  async toAccept(appId: AppId, queueIds: readonly QueueId[]): Promise<readonly OpenOffer[]> {
    if (queueIds.length === 0) return [];
    const rows = await this.db
      .as('routing')
      .kysely.selectFrom('waiting')
      .select(['session_id', 'conversation_id', 'work_item_id'])
      .where('app_id', '=', appId)
      .where('queue_id', 'in', [...queueIds])
      .where('work_item_id', 'is not', null)
      .execute();
    return rows.map((row) => ({
      sessionId: row.session_id as SessionId,
      conversationId: row.conversation_id as ConversationId,
      workItemId: row.work_item_id as WorkItemId,
    }));
  }

  async backlog(): Promise<{ readonly waiting: number; readonly oldestSeconds: number }> {
    const { rows } = await BACKLOG.execute(this.db.as('routing').kysely);
    return rows[0] ?? { waiting: 0, oldestSeconds: 0 };
  }

  async #read(where: RawBuilder<unknown>): Promise<readonly InLine[]> {
    const { rows } = await sql<WaitingRow>`
      SELECT w.session_id, w.conversation_id, w.queue_id, w.priority, w.skills, w.load, w.preferred, w.last_agent,
             w.tried, ${millisOf(sql`w.requested_at`)} AS requested,
             (${NOW} - ${millisOf(sql`w.since`)}) AS waited
      FROM waiting w WHERE ${where}`.execute(this.db.as('routing').kysely);
    return rows.map(inLineOf);
  }
}

interface WaitingRow {
  readonly session_id: string;
  readonly conversation_id: string;
  readonly queue_id: string | null;
  readonly priority: number;
  readonly skills: InLine['skills'];
  readonly load: InLine['load'];
  readonly preferred: string | null;
  readonly last_agent: string | null;
  readonly tried: InLine['tried'];
  readonly requested: number;
  readonly waited: number;
}

const inLineOf = (row: WaitingRow): InLine => ({
  sessionId: row.session_id as SessionId,
  conversationId: row.conversation_id as ConversationId,
  queueId: row.queue_id as QueueId | null,
  priority: row.priority,
  requestedAt: row.requested,
  skills: row.skills,
  preferred: row.preferred as InLine['preferred'],
  lastAgent: row.last_agent as InLine['lastAgent'],
  tried: row.tried,
  load: row.load,
  waitedMs: Math.max(0, row.waited),
});

const millisOf = (time: RawBuilder<unknown>): RawBuilder<number> => sql`(extract(epoch FROM ${time}) * 1000)::float8`;
const NOW = millisOf(sql`statement_timestamp()`);

const IN_TURN = sql`ORDER BY w.priority DESC, w.requested_at, w.session_id`;

/** Asked in order, the first is found along the index, however long the line is. */
const HEAD = sql`${IN_TURN} LIMIT 1`;

const unasked = ({ appId, queueId }: Line): RawBuilder<unknown> =>
  sql`w.app_id = ${appId} AND ${queueId === null ? sql`w.queue_id IS NULL` : sql`w.queue_id = ${queueId}`}
      AND w.offered_to IS NULL`;

/** From one app to the next along the index: a long line costs no more than a short one. */
const APPS = sql<{ app_id: string }>`
  WITH RECURSIVE found AS (
    (SELECT app_id FROM waiting WHERE offered_to IS NULL ORDER BY app_id LIMIT 1)
    UNION ALL
    SELECT (SELECT w.app_id FROM waiting w WHERE w.offered_to IS NULL AND w.app_id > found.app_id
            ORDER BY w.app_id LIMIT 1)
    FROM found WHERE found.app_id IS NOT NULL)
  SELECT app_id FROM found WHERE app_id IS NOT NULL
  UNION
  SELECT w.app_id FROM waiting w JOIN queue q ON q.id = w.queue_id AND q.auto_accept WHERE w.work_item_id IS NOT NULL`;

const BACKLOG = sql<{ waiting: number; oldestSeconds: number }>`
  SELECT count(*)::int AS waiting,
         coalesce(extract(epoch FROM statement_timestamp() - min(since)), 0)::float8 AS "oldestSeconds"
  FROM (SELECT since FROM waiting LIMIT 100000) counted`;
