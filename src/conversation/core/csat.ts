import type { EndReason } from './session.js';
import type { EndActor } from './world.js';

/** After which fact an end user is asked: an end by one of four, or a ticket solved later (`docs/rules.md` 0.3). */
export type SendOn = 'agent_ended' | 'end_user_ended' | 'bot_ended' | 'system_ended' | 'ticket_solved';

/** What an app says about which ends are followed by a survey. */
export interface SurveyRules {
  /** `legacy` surveys follow no end by the end user (E-7) and cannot follow one by an agent. */
  readonly mode: 'customizable' | 'legacy';
  /** None: the house asks nobody, and whoever asks instead follows what the mode usually surveys. */
  readonly sendOn: readonly SendOn[];
  /** Also after `inactive_expired` and `agent_logout`. */
  readonly afterSilence: boolean;
}

/** What is surveyed where nobody said otherwise. */
export const usualSendOn: Readonly<Record<SurveyRules['mode'], readonly SendOn[]>> = {
  customizable: ['agent_ended', 'end_user_ended', 'ticket_solved'],
  legacy: ['ticket_solved'],
};

/** What the decision rests on. */
export interface SurveyedEnd {
  readonly endedBy: EndActor;
  readonly endReason: EndReason;
  /** A human took over at some time. */
  readonly byHuman: boolean;
  /** Somebody, or something, ever held control. */
  readonly answered: boolean;
  /** The post-end integration asked by itself: it released with `csatRequested: true` in its metadata. */
  readonly alreadyRequested: boolean;
  readonly conversationRemoved: boolean;
  readonly ticketSolved: boolean;
}

/** `agent`: about the human who took over; `bot`: about the bot, no human did; `conversation`: nobody ever answered. */
export type SurveyKind = 'agent' | 'bot' | 'conversation';

export type NoSurvey =
  | 'already_requested'
  | 'no_response'
  | 'opted_out'
  | 'abandoned_in_queue'
  | 'session_failed'
  | 'conversation_removed'
  | 'legacy_end_user_ended'
  | 'inactive_expired'
  | 'agent_logout'
  | 'not_in_send_on'
  | 'ended_by_bot';

export interface SurveyDecision {
  readonly eligible: boolean;
  readonly suppressedBecause: NoSurvey | null;
  readonly kind: SurveyKind;
  /** `own`: the house asks nobody, for `sendOn` is empty. */
  readonly askedBy: 'house' | 'own';
}

/**
 * Does a survey follow this end? Decided once, at the source, so that whoever asks need only obey; the decision table of
 * `docs/rules.md` 4: the first line that fits decides. A ticket that is solved already makes up for an end that
 * brings none.
 */
export function surveyAfter(end: SurveyedEnd, rules: SurveyRules): SurveyDecision {
  const because = whyNone(end, rules);
  const solved = because !== null && end.ticketSolved && followsTicket(because, rules);
  return {
    eligible: because === null || solved,
    suppressedBecause: solved ? null : because,
    kind: end.byHuman ? 'agent' : end.answered ? 'bot' : 'conversation',
    askedBy: rules.sendOn.length === 0 ? 'own' : 'house',
  };
}

function whyNone(end: SurveyedEnd, { mode, sendOn, afterSilence }: SurveyRules): NoSurvey | null {
  if (end.alreadyRequested) return 'already_requested';
  const never = NEVER[end.endReason] ?? (end.conversationRemoved ? 'conversation_removed' : null);
  if (never !== null) return never;
  if (mode === 'legacy' && end.endedBy === 'end_user') return 'legacy_end_user_ended';
  const silent = SILENT[end.endReason];
  if (silent !== undefined) return afterSilence ? null : silent;
  const surveyed = sendOn.length === 0 ? usualSendOn[mode] : sendOn;
  if (!surveyed.includes(`${end.endedBy}_ended`)) return 'not_in_send_on';
  // A bot is rated where no human took over; what followed a human is not its survey.
  return end.endedBy === 'bot' && end.byHuman ? 'ended_by_bot' : null;
}

/** Ends after which there is nothing to ask about, or nobody. */
const NEVER: Readonly<Partial<Record<EndReason, NoSurvey>>> = {
  no_response: 'no_response',
  opted_out: 'opted_out',
  abandoned_in_queue: 'abandoned_in_queue',
  error: 'session_failed',
  app_deleted: 'conversation_removed',
};

const SILENT: Readonly<Partial<Record<EndReason, NoSurvey>>> = {
  inactive_expired: 'inactive_expired',
  agent_logout: 'agent_logout',
};

/** Why an end is not followed by a survey, while a ticket that is solved later may be. */
const ASKED_LATER: ReadonlySet<string> = new Set<NoSurvey>([
  'inactive_expired',
  'agent_logout',
  'not_in_send_on',
  'ended_by_bot',
]);

/**
 * Does a survey follow the ticket's being solved, after an end that had none? Not where one was asked for already, nor
 * where there is nothing to ask about (A-4: at the end or later, never twice).
 */
export const followsTicket = (suppressedBecause: string, { sendOn }: Pick<SurveyRules, 'sendOn'>): boolean =>
  sendOn.includes('ticket_solved') && ASKED_LATER.has(suppressedBecause);
