import type { SessionEnded } from '../../sdk/index.js';

/** `agent`: about the human who took over; `bot`: about the bot, no human did; `conversation`: nobody ever answered. */
export type SurveyKind = 'agent' | 'bot' | 'conversation';

export type SurveyDecision =
  | { readonly status: 'due'; readonly kind: SurveyKind }
  | { readonly status: 'suppressed'; readonly because: string };

/** The settings of CSAT, as `sessions.md` 0.3 names them. */
export interface CsatPolicy {
  /** `legacy` surveys cannot follow an end by the end user (E-7). */
  readonly mode: 'customizable' | 'legacy';
  /** Survey end users who went silent, or whose agent logged out? */
  readonly afterSilence: boolean;
}

export const usualPolicy: CsatPolicy = { mode: 'customizable', afterSilence: false };

/** Ends after which there is nothing to ask about. Some are reasons that a newer server may send. */
const NEVER = new Set<string>(['no_response', 'opted_out', 'error', 'abandoned_in_queue']);
const SILENT = new Set<string>(['inactive_expired', 'agent_logout']);

type Ended = Pick<SessionEnded, 'csat' | 'endReason' | 'endedBy' | 'acceptedAt' | 'handlerType'>;

/** Does a survey follow this end? The decision table of `sessions.md` section 4: the first line that fits decides. */
export function surveyFor(ended: Ended, policy: CsatPolicy = usualPolicy): SurveyDecision {
  const { csat, endReason, endedBy } = ended;
  if (csat.alreadyRequested) return no('already_requested');
  if (NEVER.has(endReason)) return no(endReason);
  if (!csat.eligible) return no(csat.suppressedBecause ?? 'not_eligible');
  if (policy.mode === 'legacy' && endedBy.type === 'end_user') return no('legacy_end_user_ended');
  if (SILENT.has(endReason) && !policy.afterSilence) return no(endReason);
  if (endedBy.type === 'agent' || endedBy.type === 'end_user') return { status: 'due', kind: kindOf(ended) };
  if (endedBy.type === 'bot' && ended.acceptedAt === null) return { status: 'due', kind: 'bot' };
  return no(`ended_by_${endedBy.type}`);
}

const no = (because: string): SurveyDecision => ({ status: 'suppressed', because });

function kindOf({ acceptedAt, handlerType }: Ended): SurveyKind {
  if (acceptedAt !== null) return 'agent';
  return handlerType === 'system' ? 'conversation' : 'bot';
}
