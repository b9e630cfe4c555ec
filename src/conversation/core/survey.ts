import type { AgentId, MessageId, Millis, QueueId, SessionId, SurveyId } from '../../kernel/index.js';

/** `stars5`: 1 to 5; `thumbs`: 0 or 1; `nps`: 0 to 10. */
export type SurveyScale = 'stars5' | 'thumbs' | 'nps';

/** Whom the rating counts for, as it was when the session ended. */
export interface SurveySubject {
  readonly agentId: AgentId | null;
  readonly teamId: string | null;
  readonly queueId: QueueId | null;
}

/**
 * A survey of an earlier session of this conversation. Its texts and its answer are a row of its own; here is what
 * makes it asked once and answered once, whichever way the answer comes.
 */
export interface AskedSurvey extends SurveySubject {
  readonly surveyId: SurveyId;
  readonly sessionId: SessionId;
  readonly scale: SurveyScale;
  /** The form in the conversation; `null`: asked by link alone. */
  readonly formId: MessageId | null;
  /** Answers are taken before this moment. */
  readonly closesAt: Millis;
  readonly answered: boolean;
}

/** The last ones only: older sessions' surveys are closed by newer ones, so that the state does not grow. */
export const SURVEYS_KEPT = 5;

const ranges: Readonly<Record<SurveyScale, readonly [lowest: number, highest: number]>> = {
  stars5: [1, 5],
  thumbs: [0, 1],
  nps: [0, 10],
};

/** Every score a scale has, lowest first. */
export function scoresOf(scale: SurveyScale): readonly number[] {
  const [lowest, highest] = ranges[scale];
  return Array.from({ length: highest - lowest + 1 }, (_, place) => lowest + place);
}

/** Is this a whole number on the scale? */
export function isOnScale(scale: SurveyScale, score: number): boolean {
  const [lowest, highest] = ranges[scale];
  return Number.isInteger(score) && score >= lowest && score <= highest;
}

/** Does the score count as satisfied? 4 and 5 stars, thumbs up, promoters (9 and 10). */
export const isSatisfied = (scale: SurveyScale, score: number): boolean => score >= SATISFIED[scale];

const SATISFIED: Readonly<Record<SurveyScale, number>> = { stars5: 4, thumbs: 1, nps: 9 };
