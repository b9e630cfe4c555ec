import type { ReceiveMessage, RecordPostback, RecordRead, RemoveMessages, SendMessage } from '../commands.js';
import type { Decision, Refusal } from '../decision.js';
import { MESSAGE_LIMIT, type ConversationState } from '../state.js';
import { holderIn } from './callers.js';
import { assignDefault, assignDefaultUnlessOver } from './default-responder.js';
import { accept, happened, refuse, type Draft } from './draft.js';
import { fence } from './fence.js';

/** The end user writes. The first message begins a session, also after an end that left the conversation open (T37). */
export function receiveMessage(draft: Draft, command: ReceiveMessage): Decision {
  const refusal = whyFull(draft.state);
  if (refusal) return refuse(draft, refusal);

  const { messageId, userId, by } = command;
  return accept(happened(inSession(assignDefault(draft), command), { type: 'messageReceived', messageId, userId, by }));
}

function inSession(draft: Draft, { userId }: ReceiveMessage): Draft {
  const status = draft.state.session?.status;
  if (status === 'ACTIVE' || status === 'ENDING') return draft;
  const holderKind = holderIn(draft)?.kind ?? null;
  return happened(draft, { type: 'sessionStarted', sessionId: draft.world.ids.session, userId, holderKind });
}

/** A business message: activity, and the fence stands before it. */
export function sendMessage(asked: Draft, command: SendMessage): Decision {
  const refusal = whyFull(asked.state);
  if (refusal) return refuse(asked, refusal);

  const draft = assignDefaultUnlessOver(asked);
  const fenced = fence(draft, command);
  if (!fenced.pass) return refuse(draft, fenced.refusal);

  const { messageId, by } = command;
  const { sender, outOfTurn } = fenced;
  const senderKind = sender?.kind ?? null;
  return accept(
    happened(draft, { type: 'messageSent', messageId, by, sender: sender?.id ?? null, senderKind, outOfTurn }),
  );
}

function whyFull(state: ConversationState): Refusal | null {
  if (state.lifecycle === 'closedToEndUser') return { reason: 'conversationEnded' };
  return state.messageCount >= MESSAGE_LIMIT ? { reason: 'messageLimitReached' } : null;
}

export function recordPostback(draft: Draft, { userId, by }: RecordPostback): Decision {
  if (draft.state.lifecycle === 'closedToEndUser') return refuse(draft, { reason: 'conversationEnded' });
  return accept(happened(assignDefaultUnlessOver(draft), { type: 'postbackReceived', userId, by }));
}

/** Reading is activity when the end user does it. */
export function recordRead(draft: Draft, { userId, by }: RecordRead): Decision {
  const active = userId === null ? draft : assignDefaultUnlessOver(draft);
  return accept(happened(active, { type: 'conversationRead', userId, by }));
}

export function removeMessages(draft: Draft, { messageId, count, by }: RemoveMessages): Decision {
  return accept(count === 0 ? draft : happened(draft, { type: 'messagesRemoved', messageId, count, by }));
}
