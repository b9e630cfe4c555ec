import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { AppId, ConversationId, SurveyId } from '../../kernel/index.js';
import { Db } from '../../platform/postgres/index.js';
import type { Asking } from '../asking/asking.js';
import type { LinkClaim } from '../../conversation/index.js';

export interface LinkedSurvey {
  readonly id: SurveyId;
  readonly appId: AppId;
  readonly conversationId: ConversationId;
  readonly asking: Asking;
  /** `open`: an answer is taken; `closed`: too late, by the survey or by the link. */
  readonly standing: 'open' | 'answered' | 'closed';
}

@Injectable()
export class LinkedSurveys {
  constructor(private readonly db: Db) {}

  /** `null` for a survey that is gone, or was not asked. */
  async find({ surveyId, expiresAt }: LinkClaim): Promise<LinkedSurvey | null> {
    const row = await this.db
      .as('surveyLink')
      .kysely.selectFrom('survey')
      .select(['app_id', 'conversation_id', 'status', 'asking'])
      .select(sql<boolean>`least(expires_at, to_timestamp(${expiresAt / 1000})) <= clock_timestamp()`.as('late'))
      .where('id', '=', surveyId)
      .where('status', 'in', ['sent', 'offered', 'answered', 'expired'])
      .executeTakeFirst();
    if (!row) return null;
    const closed = row.status === 'expired' || row.late;
    return {
      id: surveyId,
      appId: row.app_id as AppId,
      conversationId: row.conversation_id as ConversationId,
      asking: row.asking as Asking,
      standing: row.status === 'answered' ? 'answered' : closed ? 'closed' : 'open',
    };
  }
}
