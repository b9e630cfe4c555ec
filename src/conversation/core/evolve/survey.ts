import type { ConversationEvent } from '../events.js';
import type { ConversationState } from '../state.js';
import { SURVEYS_KEPT, type AskedSurvey } from '../survey.js';

type Event<Type extends ConversationEvent['type']> = Extract<ConversationEvent, { type: Type }>;

/** Stored states from before there were surveys have none. */
export const surveysOf = ({ surveys }: ConversationState): readonly AskedSurvey[] => surveys ?? [];

/** A message beside the session: nothing of the session, of control or of who owes an answer is touched. */
export function surveyAsked(state: ConversationState, event: Event<'surveyPosted'>): ConversationState {
  const { surveyId, sessionId, scale, agentId, teamId, queueId, messageId: formId, closesAt } = event;
  const asked = { surveyId, sessionId, scale, agentId, teamId, queueId, formId, closesAt, answered: false };
  return {
    ...state,
    surveys: [...surveysOf(state), asked].slice(-SURVEYS_KEPT),
    messageCount: state.messageCount + written(event),
  };
}

export function surveyDone(state: ConversationState, event: Event<'surveyAnswered'>): ConversationState {
  return {
    ...state,
    surveys: surveysOf(state).map((one) => (one.surveyId === event.surveyId ? { ...one, answered: true } : one)),
    messageCount: state.messageCount + written(event),
  };
}

const written = ({ messageId }: Event<'surveyPosted' | 'surveyAnswered'>): number => (messageId === null ? 0 : 1);
