import { Injectable } from '@nestjs/common';
import type { AppId, SessionId } from '../../kernel/index.js';
import { beyond, order, type Slice } from '../../platform/http/index.js';
import { Db, refuseStrayCursor } from '../../platform/postgres/index.js';
import { readableSurvey, type Reader } from '../../reading/index.js';
import type { Asking } from '../asking/asking.js';

/** A survey as the table has it; what has not happened is `null`. */
export interface Survey {
  readonly id: string;
  readonly conversationId: string;
  readonly sessionId: string;
  readonly userId: string | null;
  readonly status: SurveyStatus;
  /** What is rated: the human who took over, the bot, or a conversation that nobody answered. */
  readonly kind: string | null;
  readonly suppressedBecause: string | null;
  readonly channelHint: string;
  readonly endedBy: string;
  readonly endReason: string;
  readonly agentId: string | null;
  readonly teamId: string | null;
  readonly queueId: string | null;
  readonly asking: Asking | null;
  readonly formId: string | null;
  readonly answerId: string | null;
  readonly score: number | null;
  readonly comment: string | null;
  readonly createdAt: Date;
  readonly sendAt: Date | null;
  readonly sentAt: Date | null;
  readonly expiresAt: Date | null;
  readonly answeredAt: Date | null;
}

export const surveyStatuses = ['due', 'sent', 'offered', 'answered', 'expired', 'suppressed'] as const;
export type SurveyStatus = (typeof surveyStatuses)[number];

export interface SurveyFilter {
  readonly statuses: readonly SurveyStatus[] | null;
  readonly agentId: string | null;
  readonly sessionId: SessionId | null;
}

@Injectable()
export class SurveysQuery {
  constructor(private readonly db: Db) {}

  /** By id, in reading direction; those that `reader` may read. */
  async ofApp(
    appId: AppId,
    { statuses, agentId, sessionId }: SurveyFilter,
    { cursor, direction, limit }: Slice,
    reader: Reader | null,
  ): Promise<readonly Survey[]> {
    await refuseStrayCursor(this.db, 'survey', cursor, { app_id: appId });
    const rows = await this.db.kysely
      .selectFrom('survey')
      .selectAll()
      .where('app_id', '=', appId)
      .where(readableSurvey(appId, reader, 'survey'))
      .$if(statuses !== null, (query) => query.where('status', 'in', statuses ?? []))
      .$if(agentId !== null, (query) => query.where('agent_id', '=', agentId))
      .$if(sessionId !== null, (query) => query.where('session_id', '=', sessionId ?? ''))
      .$if(cursor !== null, (query) => query.where('id', beyond(direction), cursor ?? ''))
      .orderBy('id', order(direction))
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      id: row.id,
      conversationId: row.conversation_id,
      sessionId: row.session_id,
      userId: row.user_id,
      status: row.status as SurveyStatus,
      kind: row.kind,
      suppressedBecause: row.suppressed_because,
      channelHint: row.channel_hint,
      endedBy: row.ended_by,
      endReason: row.end_reason,
      agentId: row.agent_id,
      teamId: row.team_id,
      queueId: row.queue_id,
      asking: row.asking as Asking | null,
      formId: row.form_id,
      answerId: row.answer_id,
      score: row.score,
      comment: row.comment,
      createdAt: row.created_at,
      sendAt: row.send_at,
      sentAt: row.sent_at,
      expiresAt: row.expires_at,
      answeredAt: row.answered_at,
    }));
  }
}
