import { Failure, type FailureCode } from '../../kernel/index.js';
import type { Refusal, SessionRefusal, SwitchboardIntegration } from '../core/index.js';
import { MESSAGE_LIMIT } from '../core/index.js';
import type { SettledAnswer } from '../recorded.js';

/** What was answered, or the refusal as the `Failure` a caller is told. */
export function granted(answer: SettledAnswer): SettledAnswer {
  if (answer.decision.ok) return answer;
  throw failureOf(answer.decision.refusal);
}

/**
 * The same for a control action. A control failure is told by webhook alone, as Sunshine Conversations does it, unless
 * the caller or the app asked for strict handling (`docs/wire.md` 10.4).
 */
export function grantedControl(answer: SettledAnswer, strict: boolean): SettledAnswer {
  if (!answer.decision.ok && answer.decision.refusal.reason === 'controlFailed' && !strict) return answer;
  return granted(answer);
}

export function failureOf(refusal: Refusal): Failure {
  switch (refusal.reason) {
    case 'conversationNotFound':
      return new Failure('conversation_not_found', 'Conversation not found');
    case 'forbidden':
      return new Failure('forbidden', 'Forbidden');
    case 'controlFailed':
      return new Failure(refusal.code, refusal.message);
    case 'notInControl':
      return new Failure('not_in_control', notInControl(refusal), fence(refusal));
    case 'staleControlEpoch':
      return new Failure('stale_control_epoch', 'Control changed hands since this epoch.', fence(refusal));
    case 'conversationEnded':
      return conversationEnded(refusal.newConversationAllowed ?? true);
    case 'tooManyParticipants':
      return new Failure('bad_request', 'Too many participants');
    case 'messageLimitReached':
      return new Failure('locked', `Message limit of ${MESSAGE_LIMIT} per conversation reached.`);
    case 'noSession':
      return new Failure('no_session', 'The conversation has no session to end.');
    case 'endByUserDisabled':
      return new Failure('end_session_disabled', 'End users may not end sessions: endSessionEnabled is off.');
    case 'agentEndDisabled':
      return new Failure('agent_end_disabled', 'Agents may not end sessions: agentsCanEnd is off.');
    case 'formSubmitted':
      return new Failure('form_submitted', 'The form has been answered; the first answer counts.');
    case 'surveyAnswered':
      return new Failure('survey_answered', 'The survey has been answered; the first answer counts.');
    case 'surveyClosed':
      return new Failure('survey_closed', 'The survey takes no answers any more.');
    case 'surveyScoreOffScale':
      return new Failure('bad_request', "The score is not on the survey's scale.");
    case 'notTheHolder':
      return new Failure('forbidden', 'Only the integration in control may end the session.');
    default:
      return new Failure(...SESSION_REFUSALS[refusal.reason]);
  }
}

const conversationEnded = (newConversationAllowed: boolean): Failure =>
  new Failure(
    'conversation_ended',
    newConversationAllowed
      ? 'The conversation has ended; start a new one.'
      : 'The conversation has ended; the end user has another one that is open.',
    { fields: { newConversationAllowed } },
  );

function notInControl({ holder, because }: Extract<Refusal, { reason: 'notInControl' }>): string {
  if (because === 'sessionOver') return 'The session is over, and nobody holds control until the next one begins.';
  if (because === 'otherAgent')
    return `Control is held by ${holder?.name ?? 'nobody'}, and the session is no session of yours.`;
  return holder ? `Control is held by ${holder.name}.` : 'Nobody holds control.';
}

const fence = ({ holder, controlEpoch }: { holder: SwitchboardIntegration | null; controlEpoch: number }) => ({
  fields: {
    holder: holder && { id: holder.id, name: holder.name, integrationId: holder.integrationId },
    controlEpoch,
  },
});

/** Guards of the session's life, by its code (`docs/rules.md` 2.2) and what to do about it. */
const SESSION_REFUSALS: Readonly<Record<SessionRefusal, readonly [FailureCode, string]>> = {
  notActive: ['not_active', 'The session is not active; end it from the sessions list instead.'],
  notBegun: ['not_active', 'Nobody has answered in the session yet: there is nothing to end.'],
  notLive: ['not_active', 'The session is over, or its end user has not agreed to it yet.'],
  noAgentHasIt: ['not_active', 'No agent has the session now.'],
  nothingToHandOn: ['not_active', 'No agent has the session and it waits for none: there is nothing to hand on.'],
  assignWaiting: ['session_waiting', 'The session waits for an agent: assign it to one, or move it to another queue.'],
  notOwner: ['not_owner', 'The session belongs to another agent.'],
  chatNotEnabled: ['chat_not_enabled', "Chat is off: for the app, in the agent's licence or in the agent's layout."],
  chatRepRequired: ['chat_rep_required', 'The agent lacks the chat representative permission.'],
  messagingAgentRequired: ['messaging_agent_required', 'The agent lacks the Messaging Agent permission.'],
  endAnyRequired: ['end_any_required', 'Ending from a list needs the permission to end any session.'],
  rowEndStandardOnly: ['row_end_standard_only', 'On enhanced channels select the session and use the bulk end.'],
  inactiveStatusBased: [
    'inactive_status_based',
    'An inactive session of a status-based channel ends by itself, or when its customer is back.',
  ],
  notOnThisChannel: ['not_available_on_channel', 'End users cannot end sessions on this channel.'],
  inactivateNotSupported: ['inactivate_not_supported', 'Sessions of this channel cannot be set inactive.'],
  hiddenByAdmin: ['hidden_by_admin', 'An administrator hid Customer Inactive from this agent.'],
  sessionOver: ['session_over', 'The session is over; the next one begins when the end user writes, or you begin one.'],
  sessionInactive: ['session_inactive', 'The session is inactive; wait for the customer or start a new session.'],
  sessionWaiting: ['session_waiting', 'The session waits for an agent; accept it first.'],
  choiceRequired: ['choice_required', 'The session lives still: choose "end" or "inactivate".'],
  offerGone: ['offer_gone', 'The offer is over: it was answered, withdrawn or timed out.'],
  notYourOffer: ['not_your_offer', 'The offer was made to another agent.'],
  notWaiting: ['not_waiting', 'The session does not wait for an agent, or one is being asked.'],
  agentNotAvailable: ['agent_not_available', 'The agent is not online, or does not serve this queue.'],
  noCapacity: ['no_capacity', 'The agent has no room for this work.'],
  noSuchDestination: ['destination_not_found', 'There is no such queue, or it takes no transfers.'],
  supervisorRequired: ['supervisor_required', 'Only a supervisor of a team of this session, or an admin, may do this.'],
  sessionIsLive: ['session_is_live', 'The end user has a live session on this channel; write there.'],
  mayNotStart: ['may_not_start', 'The business cannot begin sessions on this channel.'],
  noConsent: ['no_consent', 'The end user has not agreed to be written to.'],
  noConsentAsked: ['no_consent_asked', 'Nobody asked the end user for consent.'],
};
