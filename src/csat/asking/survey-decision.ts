import type { SessionEnded } from '../../../sdk/index.js';
import type { CsatSettings, SendOn } from '../../configuration/index.js';

/** `agent`: about the human who took over; `bot`: about the bot, no human did; `conversation`: nobody ever answered. */
export type SurveyKind = 'agent' | 'bot' | 'conversation';

export type SurveyDecision =
  | { readonly status: 'due'; readonly kind: SurveyKind }
  | { readonly status: 'suppressed'; readonly kind: SurveyKind; readonly because: string };

export type SurveyRules = Pick<CsatSettings, 'mode' | 'sendOn' | 'afterSilence'>;

/** Ends after which there is nothing to ask about. Some are reasons that a newer server may send. */
const NEVER = new Set<string>(['no_response', 'opted_out', 'error', 'abandoned_in_queue']);
const SILENT = new Set<string>(['inactive_expired', 'agent_logout']);

/** Why this end is not followed by a survey, while a ticket that is solved later may be. */
const ASKED_LATER: ReadonlySet<string> = new Set([...SILENT, 'not_in_send_on', 'ended_by_bot']);

type Ended = Pick<SessionEnded, 'csat' | 'endReason' | 'endedBy' | 'acceptedAt' | 'handlerType'>;

/** Does a survey follow this end? The decision table of `sessions.md` section 4: the first line that fits decides. */
export function surveyFor(ended: Ended, rules: SurveyRules): SurveyDecision {
  const kind = kindOf(ended);
  const because = whyNot(ended, rules);
  return because === null ? { status: 'due', kind } : { status: 'suppressed', kind, because };
}

function whyNot({ csat, endReason, endedBy, acceptedAt }: Ended, rules: SurveyRules): string | null {
  if (csat.alreadyRequested) return 'already_requested';
  if (NEVER.has(endReason)) return endReason;
  // The source knows best, legacy surveys after an end by the end user included (E-7).
  if (!csat.eligible) return csat.suppressedBecause ?? 'not_eligible';
  if (SILENT.has(endReason)) return rules.afterSilence ? null : endReason;
  if (!rules.sendOn.includes(SEND_ON[endedBy.type])) return 'not_in_send_on';
  // A bot is rated where no human took over; what followed a human is not its survey.
  return endedBy.type === 'bot' && acceptedAt !== null ? 'ended_by_bot' : null;
}

const SEND_ON: Readonly<Record<SessionEnded['endedBy']['type'], SendOn>> = {
  agent: 'agent_ended',
  end_user: 'end_user_ended',
  bot: 'bot_ended',
  system: 'system_ended',
};

function kindOf({ acceptedAt, handlerType }: Ended): SurveyKind {
  if (acceptedAt !== null) return 'agent';
  return handlerType === 'system' ? 'conversation' : 'bot';
}

/**
 * Does a survey follow the ticket's being solved, after an end that had none? Not where one was asked for already, nor
 * where there is nothing to ask about (A-4: at the end or later, never twice).
 */
export const followsTicket = (suppressedBecause: string, { sendOn }: Pick<SurveyRules, 'sendOn'>): boolean =>
  sendOn.includes('ticket_solved') && ASKED_LATER.has(suppressedBecause);
