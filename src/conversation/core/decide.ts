import { assertNever } from '../../kernel/index.js';
import type { ConversationCommand } from './commands.js';
import { observeSession, setTicket } from './decide/attend.js';
import { recordConsent } from './decide/consent.js';
import { passControl, releaseControl } from './decide/control.js';
import {
  changeDetails,
  joinConversation,
  leaveConversation,
  removeConversation,
  startConversation,
} from './decide/conversation.js';
import { begin, refuse, type Draft } from './decide/draft.js';
import { settleGround, standOnGround } from './decide/ground.js';
import { failOffer, failOver } from './decide/fail-over.js';
import { expireEnding, requestEnd } from './decide/end.js';
import { closeTab, inactivateSession } from './decide/inactive.js';
import { receiveMessage, recordPostback, recordRead, removeMessages, sendMessage } from './decide/message.js';
import { acceptControl, declineControl, expireOffer, offerControl } from './decide/offer.js';
import { startSession } from './decide/start-session.js';
import { answerSurvey, postSurvey } from './decide/survey.js';
import { timerDue } from './decide/timer-due.js';
import { overflowQueue, transferSession } from './decide/transfer.js';
import { acceptWork, assignSession, declineWork, detachAgent, offerWork } from './decide/work.js';
import type { Decision } from './decision.js';
import type { ConversationState } from './state.js';
import type { World } from './world.js';

/** What happens when this command meets this conversation, now. Pure, and it never throws: a refusal is an answer. */
export function decide(state: ConversationState, command: ConversationCommand, world: World): Decision {
  const draft = begin(state, world);
  if (!isThere(state, command)) return refuse(draft, { reason: 'conversationNotFound' });
  return decideOne(standOnGround(draft), command);
}

function isThere({ lifecycle }: ConversationState, command: ConversationCommand): boolean {
  return lifecycle === 'absent' ? command.type === 'startConversation' : lifecycle !== 'removed';
}

function decideOne(draft: Draft, command: ConversationCommand): Decision {
  switch (command.type) {
    case 'startConversation':
      return startConversation(draft, command);
    case 'receiveMessage':
      return receiveMessage(draft, command);
    case 'sendMessage':
      return sendMessage(draft, command);
    case 'recordPostback':
      return recordPostback(draft, command);
    case 'recordRead':
      return recordRead(draft, command);
    case 'passControl':
      return passControl(draft, command);
    case 'offerControl':
      return offerControl(draft, command);
    case 'acceptControl':
      return acceptControl(draft, command);
    case 'declineControl':
      return declineControl(draft, command);
    case 'releaseControl':
      return releaseControl(draft, command);
    case 'expireOffer':
      return expireOffer(draft, command);
    case 'requestEnd':
      return requestEnd(draft, command);
    case 'expireEnding':
      return expireEnding(draft, command);
    case 'startSession':
      return startSession(draft, command);
    case 'recordConsent':
      return recordConsent(draft, command);
    case 'offerWork':
      return offerWork(draft, command);
    case 'acceptWork':
      return acceptWork(draft, command);
    case 'declineWork':
      return declineWork(draft, command);
    case 'assignSession':
      return assignSession(draft, command);
    case 'transferSession':
      return transferSession(draft, command);
    case 'detachAgent':
      return detachAgent(draft, command);
    case 'overflowQueue':
      return overflowQueue(draft, command);
    case 'inactivateSession':
      return inactivateSession(draft, command);
    case 'closeTab':
      return closeTab(draft, command);
    case 'observeSession':
      return observeSession(draft, command);
    case 'setTicket':
      return setTicket(draft, command);
    case 'failOver':
      return failOver(draft, command);
    case 'failOffer':
      return failOffer(draft, command);
    case 'postSurvey':
      return postSurvey(draft, command);
    case 'answerSurvey':
      return answerSurvey(draft, command);
    case 'timerDue':
      return timerDue(draft, command);
    case 'changeDetails':
      return changeDetails(draft, command);
    case 'joinConversation':
      return joinConversation(draft, command);
    case 'leaveConversation':
      return leaveConversation(draft, command);
    case 'removeConversation':
      return removeConversation(draft, command);
    case 'settleGround':
      return settleGround(draft);
    case 'removeMessages':
      return removeMessages(draft, command);
    default:
      return assertNever(command);
  }
}
