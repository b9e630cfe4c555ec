import { assertNever, Failure } from '../../kernel/index.js';
import type { Refusal, SwitchboardIntegration } from '../core/index.js';
import { MESSAGE_LIMIT } from '../core/index.js';
import type { SettledAnswer } from '../recorded.js';

/** What was answered, or the refusal as the `Failure` a caller is told. */
export function granted(answer: SettledAnswer): SettledAnswer {
  if (answer.decision.ok) return answer;
  throw failureOf(answer.decision.refusal);
}

/**
 * The same for a control action. A control failure is told by webhook alone, as Sunshine Conversations does it, unless
 * the caller or the app asked for strict handling (`sunco.md` 10.4).
 */
export function grantedControl(answer: SettledAnswer, strict: boolean): SettledAnswer {
  if (!answer.decision.ok && answer.decision.refusal.reason === 'controlFailed' && !strict) return answer;
  return granted(answer);
}

function failureOf(refusal: Refusal): Failure {
  switch (refusal.reason) {
    case 'conversationNotFound':
      return new Failure('conversation_not_found', 'Conversation not found');
    case 'forbidden':
      return new Failure('forbidden', 'Forbidden');
    case 'controlFailed':
      return new Failure(refusal.code, refusal.message);
    case 'notInControl':
      return new Failure('not_in_control', notInControl(refusal.holder), fence(refusal));
    case 'staleControlEpoch':
      return new Failure('stale_control_epoch', 'Control changed hands since this epoch.', fence(refusal));
    case 'conversationEnded':
      return new Failure('conversation_ended', 'The conversation has ended; start a new one.', {
        fields: { newConversationAllowed: true },
      });
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
    case 'notTheHolder':
      return new Failure('forbidden', 'Only the integration in control may end the session.');
    default:
      return assertNever(refusal);
  }
}

const notInControl = (holder: SwitchboardIntegration | null): string =>
  holder ? `Control is held by ${holder.name}.` : 'Nobody holds control.';

const fence = ({ holder, controlEpoch }: { holder: SwitchboardIntegration | null; controlEpoch: number }) => ({
  fields: {
    holder: holder && { id: holder.id, name: holder.name, integrationId: holder.integrationId },
    controlEpoch,
  },
});
