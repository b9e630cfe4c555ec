import type { AnswerSurvey, PostSurvey } from '../commands.js';
import type { Decision, Refusal } from '../decision.js';
import { surveysOf } from '../evolve/survey.js';
import { hasRoom } from '../open.js';
import { isOnScale, type AskedSurvey } from '../survey.js';
import { accept, happened, refuse, type Draft } from './draft.js';

/**
 * A session that is over is surveyed, once, however often it is asked for. Not activity (`docs/rules.md` 2.2a):
 * it begins no session, assigns no control and touches no clock. It is a word of the platform about what is over, so it
 * also stands in a conversation that is closed. Where no message fits there is the link alone.
 */
export function postSurvey(draft: Draft, command: PostSurvey): Decision {
  const { surveyId, sessionId, scale, expirySeconds, agentId, teamId, queueId } = command;
  if (surveysOf(draft.state).some((asked) => asked.sessionId === sessionId)) return accept(draft);
  return accept(
    happened(draft, {
      type: 'surveyPosted',
      surveyId,
      sessionId,
      messageId: hasRoom(draft.state) ? command.messageId : null,
      scale,
      closesAt: draft.world.now + expirySeconds * 1000,
      agentId,
      teamId,
      queueId,
    }),
  );
}

/** The end user answers, by the form in the conversation or by link: the first answer is the one that counts. */
export function answerSurvey(draft: Draft, command: AnswerSurvey): Decision {
  const asked = surveysOf(draft.state).find(({ surveyId }) => surveyId === command.surveyId);
  const refusal = whyNotAnswer(draft, asked, command);
  if (!asked || refusal) return refuse(draft, refusal ?? { reason: 'surveyClosed' });
  const { surveyId, sessionId, formId, scale, agentId, teamId, queueId } = asked;
  const { messageId, score, comment, by } = command;
  return accept(
    happened(draft, {
      type: 'surveyAnswered',
      surveyId,
      sessionId,
      messageId,
      formId,
      scale,
      score,
      commented: comment !== null,
      agentId,
      teamId,
      queueId,
      by,
    }),
  );
}

function whyNotAnswer(draft: Draft, asked: AskedSurvey | undefined, command: AnswerSurvey): Refusal | null {
  if (!asked) return { reason: 'surveyClosed' };
  if (asked.answered) return { reason: 'surveyAnswered' };
  if (draft.world.now >= asked.closesAt) return { reason: 'surveyClosed' };
  if (!isOnScale(asked.scale, command.score)) return { reason: 'surveyScoreOffScale' };
  if (command.messageId === null) return null;
  // The answer to a form, the one thing that an end user may still say in a conversation that is closed to them.
  if (asked.formId === null) return { reason: 'surveyClosed' };
  return hasRoom(draft.state) ? null : { reason: 'messageLimitReached' };
}
