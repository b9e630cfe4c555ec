import type { Queued, Urgency } from '../../ledger/index.js';
import type { Actor, ConversationCommand } from '../core/index.js';

/** Changes of control and ends, by whoever gives them: who waits for these waits for somebody to be in charge. */
const CONTROL: ReadonlySet<ConversationCommand['type']> = new Set([
  'passControl',
  'offerControl',
  'acceptControl',
  'declineControl',
  'releaseControl',
  'requestEnd',
  'removeConversation',
  'acceptWork',
  'declineWork',
  'assignSession',
  'transferSession',
  'inactivateSession',
  'closeTab',
]);

/** Whose places in the ledger's queue a command takes, and who it goes before. */
export function standingOf(by: Actor, type: ConversationCommand['type']): Pick<Queued, 'caller' | 'urgency'> {
  // Whoever has the link of a survey rates in the platform's name; that makes them nobody to go first.
  if (type === 'answerSurvey' && by.type === 'system') return { caller: 'survey', urgency: 'usual' };
  return { caller: callerOf(by), urgency: urgencyOf(by, type) };
}

/** An integration is one caller whatever its keys, a key of the app is one by itself. */
function callerOf(by: Actor): string {
  switch (by.type) {
    case 'app':
      return `key ${by.keyId}`;
    case 'integration':
      return `integration ${by.integrationId}`;
    case 'user':
      return `user ${by.userId}`;
    case 'agent':
      return `agent ${by.agentId}`;
    case 'system':
      return 'system';
  }
}

function urgencyOf(by: Actor, type: ConversationCommand['type']): Urgency {
  if (by.type === 'system') return 'system';
  return CONTROL.has(type) ? 'control' : 'usual';
}
