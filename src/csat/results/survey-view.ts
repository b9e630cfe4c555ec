import type { IsoTime } from '../../kernel/index.js';
import { isoTime } from '../../platform/clock/index.js';
import type { Survey } from './surveys.query.js';

/** A survey as the API returns it: `null` where there is nothing (yet). */
export interface SurveyView extends Omit<Survey, 'asking' | Times>, Record<Times, IsoTime | null> {
  readonly scale: string | null;
  readonly delivery: string | null;
  /** The language it is asked in. */
  readonly locale: string | null;
  /** How the answer came. */
  readonly via: 'conversation' | 'link' | null;
  /** The page where it can be answered, while it can. */
  readonly link: string | null;
}

type Times = 'createdAt' | 'sendAt' | 'sentAt' | 'expiresAt' | 'answeredAt';

export function surveyView(survey: Survey, linkTo: (id: string, expiresAt: number) => string | null): SurveyView {
  const { asking, createdAt, sendAt, sentAt, expiresAt, answeredAt, ...plain } = survey;
  const answered = survey.status === 'answered';
  const open = survey.status === 'sent' || survey.status === 'offered';
  return {
    ...plain,
    scale: asking?.scale ?? null,
    delivery: asking?.delivery ?? null,
    locale: asking?.words.locale ?? null,
    via: answered ? (survey.answerId === null ? 'link' : 'conversation') : null,
    link: open && expiresAt ? linkTo(survey.id, expiresAt.getTime()) : null,
    createdAt: isoTime(createdAt),
    sendAt: timeOf(sendAt),
    sentAt: timeOf(sentAt),
    expiresAt: timeOf(expiresAt),
    answeredAt: timeOf(answeredAt),
  };
}

const timeOf = (time: Date | null): IsoTime | null => (time === null ? null : isoTime(time));
