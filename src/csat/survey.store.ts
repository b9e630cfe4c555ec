import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { SwitchboardEvent } from '../../sdk/index.js';
import type { AppId } from '../kernel/index.js';
import { beyond, order, type Page } from '../platform/http/index.js';
import { newId } from '../platform/ids.js';
import { Db, type Tx } from '../platform/postgres/index.js';
import { surveyFor, type SurveyDecision } from './survey-decision.js';

export interface Survey {
  readonly id: string;
  readonly conversationId: string;
  readonly sessionId: string;
  readonly userId: string | null;
  readonly status: string;
  readonly kind: string | null;
  readonly suppressedBecause: string | null;
  readonly channelHint: string;
  readonly endedBy: string;
  readonly endReason: string;
  readonly createdAt: Date;
}

@Injectable()
export class Surveys {
  constructor(private readonly db: Db) {}

  /** Once per session (`sessions.md` section 4), whatever the event's id. */
  async write(tx: Tx, ends: readonly SwitchboardEvent<'session.ended'>[]): Promise<void> {
    if (ends.length === 0) return;
    await tx
      .insertInto('survey')
      .values(ends.map(({ data }) => rowOf(data, surveyFor(data))))
      .onConflict((conflict) => conflict.column('session_id').doNothing())
      .execute();
  }

  /** In reading direction, up to `page.limit`. */
  async ofApp(appId: AppId, { cursor, direction, limit }: Page): Promise<readonly Survey[]> {
    const rows = await this.db.kysely
      .selectFrom('survey')
      .selectAll()
      .where('app_id', '=', appId)
      .$if(cursor !== null, (query) => query.where('id', beyond(direction), cursor ?? ''))
      .orderBy('id', order(direction))
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      id: row.id,
      conversationId: row.conversation_id,
      sessionId: row.session_id,
      userId: row.user_id,
      status: row.status,
      kind: row.kind,
      suppressedBecause: row.suppressed_because,
      channelHint: row.channel_hint,
      endedBy: row.ended_by,
      endReason: row.end_reason,
      createdAt: row.created_at,
    }));
  }
}

function rowOf(data: SwitchboardEvent<'session.ended'>['data'], decision: SurveyDecision) {
  return {
    id: newId<string>(),
    app_id: data.appId,
    conversation_id: data.conversationId,
    session_id: data.sessionId,
    user_id: data.endUserId,
    status: decision.status,
    kind: decision.status === 'due' ? decision.kind : null,
    suppressed_because: decision.status === 'suppressed' ? decision.because : null,
    channel_hint: data.csat.channelHint,
    ended_by: data.endedBy.type,
    end_reason: data.endReason,
    created_at: sql<Date>`clock_timestamp()`,
  };
}
