import type { SessionEnded } from '../../../sdk/index.js';
import { followsTicket, surveyAfter, type SurveyDecision, type SurveyRules } from '../../conversation/index.js';

type Ended = Pick<SessionEnded, 'csat' | 'endReason' | 'endedBy' | 'acceptedAt' | 'handlerType'> &
  Partial<Pick<SessionEnded, 'routing'>>;

/**
 * Does the house ask after this end? The source decided (`core/csat.ts`); here it is obeyed. A ticket that was solved behind
 * the end, and heard before it, makes up for a survey that the end did not bring.
 */
export function surveyFor(
  ended: Ended,
  rules: SurveyRules,
  { solvedSince }: { readonly solvedSince: boolean },
): SurveyDecision {
  const decision = atTheEnd(ended, rules);
  const { suppressedBecause: because } = decision;
  if (because === null || !solvedSince || !followsTicket(because, rules)) return decision;
  return { ...decision, eligible: true, suppressedBecause: null };
}

function atTheEnd(ended: Ended, rules: SurveyRules): SurveyDecision {
  const { eligible, suppressedBecause, kind, askedBy } = saysAll(ended) ? ended.csat : decided(ended, rules);
  if (!eligible || askedBy === 'house') return { eligible, suppressedBecause, kind, askedBy };
  return { eligible: false, suppressedBecause: 'not_in_send_on', kind, askedBy };
}

/** What was announced by a version whose events did not carry the whole decision has none of it. */
const saysAll = ({ csat }: { readonly csat: Partial<SessionEnded['csat']> }): boolean => csat.askedBy !== undefined;

function decided({ csat, endReason, endedBy, acceptedAt, handlerType, routing }: Ended, rules: SurveyRules) {
  return surveyAfter(
    {
      endedBy: endedBy.type,
      endReason,
      byHuman: acceptedAt !== null,
      answered: handlerType !== 'system',
      alreadyRequested: csat.alreadyRequested,
      conversationRemoved: csat.suppressedBecause === 'conversation_removed',
      ticketSolved: routing?.ticketStatus === 'solved',
    },
    rules,
  );
}
