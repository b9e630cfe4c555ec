import type { SharedRefusals } from '../../ledger/index.js';
import type { Actor, ConversationCommand } from '../core/index.js';
import type { Settled } from '../recorded.js';
import type { ConversationRequest } from './request.js';

/**
 * Refusals that a caller's next commands share: what the core decides on is the same, whatever the messages say. Each is
 * decided by the core and has its own line in the timeline.
 */
export const sharedRefusals: SharedRefusals<ConversationRequest, Settled> = {
  isRefusal: ({ answer, recorded }) => !answer.decision.ok && recorded.length === 0,
  isAlike: ({ command, conversationId }, next) =>
    next.target === conversationId && next.sessionId === null && asksTheSame(command, next.command),
};

function asksTheSame(one: ConversationCommand, other: ConversationCommand): boolean {
  switch (one.type) {
    case 'sendMessage':
      return other.type === one.type && one.controlEpoch === other.controlEpoch && isSame(one.by, other.by);
    case 'receiveMessage':
      return (
        other.type === one.type &&
        one.userId === other.userId &&
        one.form?.messageId === other.form?.messageId &&
        isSame(one.by, other.by)
      );
    case 'acceptControl':
    case 'declineControl':
    case 'releaseControl':
      return other.type === one.type && isSame(one.by, other.by);
    default:
      return false;
  }
}

/** Also the key: it is written down with the refusal, and some rules ask for it. */
function isSame(one: Actor, other: Actor): boolean {
  switch (one.type) {
    case 'app':
      return other.type === 'app' && one.keyId === other.keyId;
    case 'integration':
      return other.type === 'integration' && one.integrationId === other.integrationId && one.keyId === other.keyId;
    case 'user':
      return other.type === 'user' && one.userId === other.userId;
    case 'agent':
      return other.type === 'agent' && one.agentId === other.agentId && one.keyId === other.keyId;
    case 'system':
      return other.type === 'system';
  }
}
