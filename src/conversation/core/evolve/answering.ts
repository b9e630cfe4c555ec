import type { Millis } from '../../../kernel/index.js';
import type { ConversationEvent } from '../events.js';
import { nobodyOwes, type Answering } from '../state.js';

/** Who was found dead, and since when the end user waits for an answer; changes with few events. */
export function answeringAfter(before: Answering, event: ConversationEvent, at: Millis): Answering {
  switch (event.type) {
    case 'messageReceived':
      return before.owedSince === null ? { ...before, owedSince: at } : before;
    case 'messageSent':
      // Whoever left answers nothing any more. An app key answers for anybody, so it proves nobody alive.
      if (event.parting) return before;
      return event.senderKind === null ? answered(before) : nobodyOwes;
    case 'holderFailed':
      return event.role === 'active' ? { ...before, dead: [...before.dead, event.holder] } : before;
    case 'replyOverdue':
      return { ...before, overdue: true };
    case 'controlAssigned':
      return anew(before, at);
    case 'controlPassed':
    case 'controlReleased':
      return anew(event.cause === 'holderDead' ? before : buried(before), at);
    case 'controlAccepted':
      return anew(buried(before), at);
    case 'sessionEndRequested':
      return answered(before);
    case 'sessionStarted':
    case 'sessionEnded':
      return nobodyOwes;
    default:
      return before;
  }
}

const answered = (before: Answering): Answering =>
  before.owedSince === null ? before : { ...before, owedSince: null, overdue: false };

/** Control was moved by hand: whoever was found dead may be tried again. */
const buried = (before: Answering): Answering => (before.dead.length === 0 ? before : { ...before, dead: [] });

/** The clock of the holder before is not held against the one who takes over. */
const anew = (before: Answering, at: Millis): Answering =>
  before.owedSince === null ? before : { ...before, owedSince: at, overdue: false };
