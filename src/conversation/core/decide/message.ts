import type { ReceiveMessage, RecordPostback, RecordRead, RemoveMessages, SendMessage } from '../commands.js';
import type { Decision, Refusal } from '../decision.js';
import { holderOf } from '../control.js';
import { hasRoom, isWindowOver } from '../open.js';
import type { NewSession } from '../session.js';
import type { ConversationState } from '../state.js';
import { holderIn, isWorkspace, workspaceOf } from './callers.js';
import { markIdle } from './bucket-idle.js';
import { wantsConsent } from './consent.js';
import { assignDefault, assignDefaultUnlessOver } from './default-responder.js';
import { accept, happened, refuse, type Draft } from './draft.js';
import { endBySystem } from './end-by-system.js';
import { closeConversation } from './ending.js';
import { fence, whyNotForUser, whyNotRemove } from './fence.js';
import { followControl } from './follow-control.js';
import { isRefusedBack, reactivate } from './inactive.js';
import { agentLeaves, enqueue } from './queueing.js';
import { takeOver } from './work.js';

/** The end user writes. The first message begins a session, also after an end that left the conversation open (T37). */
export function receiveMessage(asked: Draft, command: ReceiveMessage): Decision {
  const draft = leaveVisit(closeWindow(asked), command);
  const refusal = whyFull(draft.state) ?? whyNotForUser(draft, command.by) ?? whyNoAnswer(command);
  if (refusal) return refuse(draft, refusal);

  const { messageId, userId, by, form } = command;
  const answers = form === undefined ? {} : { formId: form.messageId };
  return accept(happened(inSession(draft, command), { type: 'messageReceived', messageId, userId, ...answers, by }));
}

/** A form has one answer: the first. */
const whyNoAnswer = ({ form }: ReceiveMessage): Refusal | null =>
  form?.submitted === true ? { reason: 'formSubmitted' } : null;

/**
 * A message after the threading window joins nothing, also when the timer has not closed the conversation yet
 * (`docs/rules.md` 5.4).
 */
function closeWindow(draft: Draft): Draft {
  return isWindowOver(draft.state, draft.world.settings, draft.world.now) ? closeConversation(draft) : draft;
}

/** The end user comes back after their visit was over: what a bot was about is over too, a human's is not (T36). */
function leaveVisit(draft: Draft, { by }: ReceiveMessage): Draft {
  const { session } = draft.state;
  const seconds = draft.world.settings.endUserTokenSeconds;
  if (seconds === null || by.type !== 'user' || session?.status !== 'ACTIVE') return draft;
  const last = session.talk.customerAt ?? session.startedAt;
  const over = holderIn(draft)?.kind === 'bot' && last + seconds * 1000 <= draft.world.now;
  return over ? endBySystem(draft, 'token_expired', 'widget') : draft;
}

function inSession(draft: Draft, command: ReceiveMessage): Draft {
  const { session } = draft.state;
  switch (session?.status) {
    case 'CONSENT':
      return draft;
    case 'NEW':
      return answered(draft, session);
    case 'INACTIVE':
      return reactivate(assignDefault(draft), session);
    case 'WAITING':
    case 'ACTIVE':
    case 'ENDING':
      return markIdle(assignDefault(draft), false);
    default:
      return begin(draft, command);
  }
}

/** T5, T6; where the channel asks for consent first, nobody is given the session yet (T7). */
function begin(draft: Draft, { userId }: ReceiveMessage): Draft {
  const waits = wantsConsent(draft);
  const held = waits ? draft : assignDefault(draft);
  const holder = holderIn(held);
  const sessionId = draft.world.ids.session;
  const started = happened(held, {
    type: 'sessionStarted',
    sessionId,
    userId,
    origin: 'inbound',
    channelId: draft.state.channelId,
    agentId: null,
    holderKind: holder === null || isWorkspace(holder) ? null : holder.kind,
  });
  if (!waits) return followControl(started);
  return happened(started, { type: 'consentRequested', sessionId, messageId: draft.world.ids.notice });
}

/** The customer answers the business: their agent goes on under status-based (T2), else whoever is free (T3). */
function answered(draft: Draft, session: NewSession): Draft {
  const { world } = draft;
  const owner = session.human?.owner ?? null;
  if (owner !== null && world.channel.load.model === 'status_based' && !isRefusedBack(draft, session)) {
    return takeOver(draft, session, { agentId: owner, workItemId: world.ids.workItem }, 'answered');
  }
  const alone = agentLeaves(draft, 'returned');
  if (workspaceOf(alone, holderOf(alone.state.control))) return enqueue(alone, 'answered', {});
  return happened(assignDefault(alone), { type: 'sessionAnswered', sessionId: session.id });
}

/** A business message: activity, and the fence stands before it. */
export function sendMessage(asked: Draft, command: SendMessage): Decision {
  const refusal = whyFull(asked.state);
  if (refusal) return refuse(asked, refusal);

  const draft = assignDefaultUnlessOver(asked);
  const fenced = fence(draft, command);
  if (!fenced.pass) return refuse(draft, fenced.refusal);

  const { messageId, by } = command;
  const { sender, outOfTurn, parting } = fenced;
  return accept(
    happened(draft, {
      type: 'messageSent',
      messageId,
      by,
      sender: sender?.id ?? null,
      senderKind: sender?.kind ?? null,
      agentId: by.type === 'agent' ? by.agentId : null,
      outOfTurn,
      parting,
    }),
  );
}

const ended: Refusal = { reason: 'conversationEnded' };

function whyFull(state: ConversationState): Refusal | null {
  if (state.lifecycle === 'closedToEndUser') return ended;
  return hasRoom(state) ? null : { reason: 'messageLimitReached' };
}

export function recordPostback(draft: Draft, { userId, by }: RecordPostback): Decision {
  const refusal = draft.state.lifecycle === 'closedToEndUser' ? ended : whyNotForUser(draft, by);
  if (refusal) return refuse(draft, refusal);
  return accept(happened(assignDefaultUnlessOver(draft), { type: 'postbackReceived', userId, by }));
}

/** Reading is activity when the end user does it. */
export function recordRead(draft: Draft, { userId, by }: RecordRead): Decision {
  const refusal = userId === null ? null : whyNotForUser(draft, by);
  if (refusal) return refuse(draft, refusal);
  const active = userId === null ? draft : assignDefaultUnlessOver(draft);
  return accept(happened(active, { type: 'conversationRead', userId, by }));
}

export function removeMessages(draft: Draft, { messageId, count, by }: RemoveMessages): Decision {
  const refusal = whyNotRemove(draft, by);
  if (refusal) return refuse(draft, refusal);
  return accept(count === 0 ? draft : happened(draft, { type: 'messagesRemoved', messageId, count, by }));
}
