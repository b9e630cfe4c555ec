import type { Metadata } from '../../kernel/index.js';
import type { EndFacts } from './session.js';
import type { ConversationState } from './state.js';

/** May a survey follow this end, and where? Decided once, at the source, so that every consumer agrees. */
export interface CsatEligibility {
  readonly eligible: boolean;
  readonly suppressedBecause:
    | 'already_requested'
    | 'session_failed'
    | 'conversation_removed'
    | 'legacy_end_user_ended'
    | null;
  readonly alreadyRequested: boolean;
  readonly channelHint: 'in_channel' | 'email' | 'none';
}

/**
 * `releasedWith` is the metadata of the release that ended a post-end flow: an integration that asked for a rating by
 * itself says so with `csatRequested: true`, and nobody asks twice. Legacy surveys follow no end by the end user (E-7).
 */
export function csatEligibility(
  after: ConversationState,
  end: EndFacts,
  releasedWith: Metadata | null,
  endUserEmail: string | null,
  mode: 'customizable' | 'legacy',
): CsatEligibility {
  const alreadyRequested = releasedWith?.['csatRequested'] === true;
  const suppressedBecause = whyNoSurvey(after, end, alreadyRequested, mode);
  const elsewhere = endUserEmail === null ? 'none' : 'email';
  return {
    eligible: suppressedBecause === null,
    suppressedBecause,
    alreadyRequested,
    channelHint: after.lifecycle === 'open' ? 'in_channel' : elsewhere,
  };
}

function whyNoSurvey(
  after: ConversationState,
  end: EndFacts,
  alreadyRequested: boolean,
  mode: 'customizable' | 'legacy',
): CsatEligibility['suppressedBecause'] {
  if (after.lifecycle === 'removed' || end.reason === 'app_deleted') return 'conversation_removed';
  if (alreadyRequested) return 'already_requested';
  if (end.reason === 'error') return 'session_failed';
  return mode === 'legacy' && end.endedBy.type === 'end_user' ? 'legacy_end_user_ended' : null;
}
