import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { AppId } from '../../kernel/index.js';
import { Db } from '../../platform/postgres/index.js';
import { readableSurvey, type Reader } from '../../reading/index.js';
import type { Tally } from './scores.js';

export type ScoredBy = 'agent' | 'team' | 'queue';

/** When answers were given: `from` inclusive, `to` exclusive; `null`: no limit. */
export interface Period {
  readonly from: Date | null;
  readonly to: Date | null;
}

const COLUMNS = { agent: 'agent_id', team: 'team_id', queue: 'queue_id' } as const;

/** More groups than anybody reads; each has at most eleven scores on three scales. */
const MOST_ROWS = 20_000;

@Injectable()
export class ScoresQuery {
  constructor(private readonly db: Db) {}

  /** How often each score was given on each scale, by whom it counts for; together where `by` is `null`. */
  async tallies(
    appId: AppId,
    by: ScoredBy | null,
    { from, to }: Period,
    reader: Reader | null,
  ): Promise<readonly Tally[]> {
    const { rows } = await sql<{ subject: string | null; scale: Tally['scale']; score: number; count: number }>`
      SELECT ${by === null ? sql`NULL::text` : sql.ref(COLUMNS[by])} AS subject, asking ->> 'scale' AS scale, score,
             count(*)::int8 AS count
      FROM survey
      WHERE app_id = ${appId} AND status = 'answered' AND ${readableSurvey(appId, reader, 'survey')}
        AND answered_at >= coalesce(${from}::timestamptz, '-infinity')
        AND answered_at < coalesce(${to}::timestamptz, 'infinity')
      GROUP BY 1, 2, 3 ORDER BY 1 NULLS LAST, 2, 3 LIMIT ${MOST_ROWS}`.execute(this.db.kysely);
    return rows.map((row) => ({ ...row, count: Number(row.count) }));
  }
}
