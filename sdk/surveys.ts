import type { Announced, By } from './announced.js';

/** Whom a rating counts for, as it was when the session ended; all `null`: a bot, or nobody, answered. */
export interface SurveySubject {
  readonly agentId: string | null;
  readonly teamId: string | null;
  readonly queueId: string | null;
}

/** The end user was asked for a rating. Exactly one per `sessionId`. */
export interface SurveyPosted extends Announced, SurveySubject {
  readonly surveyId: string;
  readonly sessionId: string;
  /** What the conversation says: a form, or the link. `null`: nothing, so that the survey reaches nobody but by `link`. */
  readonly messageId: string | null;
  /** The page where it can be answered; whoever has the address may answer, once. `null`: not told. */
  readonly link: string | null;
  readonly scale: SurveyScale;
  /** Answers are taken before this moment. @format date-time */
  readonly closesAt: string;
}

/** The end user rated a session. Exactly one per `surveyId`; words they added are read through the API. */
export interface CsatAnswered extends Announced, SurveySubject {
  readonly surveyId: string;
  readonly sessionId: string;
  /** The answer in the conversation; `null`: given by link. */
  readonly messageId: string | null;
  /** The form that was answered; `null`: there was none. */
  readonly formId: string | null;
  readonly scale: SurveyScale;
  /** Whole: 1 to 5 stars, 0 or 1 for thumbs, 0 to 10 for `nps`. */
  readonly score: number;
  /** They added words. */
  readonly commented: boolean;
  /** The end user; the system for an answer by link, which proves the link and no more. */
  readonly by: By;
}

export type SurveyScale = 'stars5' | 'thumbs' | 'nps';
