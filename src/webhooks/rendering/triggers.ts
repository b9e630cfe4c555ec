import type { ConversationEvent, UserEvent } from '../../conversation/index.js';
import { assertNever } from '../../kernel/index.js';

/**
 * The trigger under which an event goes to webhooks, or `null` when it has none (`docs/wire.md` 8 and 9).
 *
 * Without one: default assignment and the removal of a holder (`docs/wire.md` 10.2, 10.4 row 19), sessions (they are
 * announced on NATS), changed details, and reads, which are not kept (`fleeting.ts`). Ours beside Sunshine
 * Conversations: `switchboard:declineControl`, `switchboard:offerExpired` and `:failure` of decline and release.
 */
export function triggerOf(event: ConversationEvent): string | null {
  switch (event.type) {
    case 'conversationStarted':
      return 'conversation:create';
    case 'conversationRemoved':
      return 'conversation:remove';
    case 'participantJoined':
      return 'conversation:join';
    case 'participantLeft':
      return 'conversation:leave';
    case 'messageReceived':
    case 'messageSent':
    case 'endNoteWritten':
    case 'ticketNoteWritten':
    case 'consentRequested':
      return 'conversation:message';
    case 'sessionReminded':
      return event.messageId === null ? null : 'conversation:message';
    case 'holderFailed':
      return event.messageId === null ? null : 'conversation:message';
    case 'surveyPosted':
    case 'surveyAnswered':
      return event.messageId === null ? null : 'conversation:message';
    case 'postbackReceived':
      return 'conversation:postback';
    case 'controlPassed':
      return 'switchboard:passControl';
    case 'controlOffered':
      return 'switchboard:offerControl';
    case 'controlAccepted':
      return 'switchboard:acceptControl';
    case 'controlDeclined':
      return 'switchboard:declineControl';
    case 'offerExpired':
      return 'switchboard:offerExpired';
    case 'controlReleased':
      return 'switchboard:releaseControl';
    case 'controlFailed':
      return `switchboard:${event.action}Control:failure`;
    case 'conversationChanged':
    case 'conversationClosed':
    case 'messagesRemoved':
    case 'conversationRead':
    case 'controlAssigned':
    case 'holderRemoved':
    case 'replyOverdue':
    case 'offersExhausted':
    case 'handOffLoopStopped':
    case 'sessionStarted':
    case 'consentGiven':
    case 'consentRefused':
    case 'sessionAnswered':
    case 'sessionQueued':
    case 'sessionDequeued':
    case 'queueOverflowed':
    case 'workOffered':
    case 'workDeclined':
    case 'workOpened':
    case 'workTransferred':
    case 'workIdled':
    case 'agentJoined':
    case 'agentLeft':
    case 'sessionInactivated':
    case 'sessionReactivated':
    case 'ticketChanged':
    case 'sessionEndRequested':
    case 'sessionEnding':
    case 'sessionEnded':
      return null;
    default:
      return assertNever(event);
  }
}

/** The same for what happens to an end user. */
export const userTriggerOf = ({ type }: Pick<UserEvent, 'type'>): string =>
  type === 'userRemoved' ? 'user:remove' : 'user:update';
