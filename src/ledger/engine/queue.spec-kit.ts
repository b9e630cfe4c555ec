import type { AppId } from '../../kernel/index.js';
import type { Urgency } from '../book.js';
import type { QueueLimits, Waiting } from './queue.js';

export const LIMITS: QueueLimits = { maxGroup: 4, maxGroupBytes: 1_000, maxWaitingPerCaller: 3, maxQueued: 20 };

export interface Numbered extends Waiting {
  readonly number: number;
}

interface Given {
  readonly app?: string;
  readonly caller?: string;
  readonly urgency?: Urgency;
  readonly bytes?: number;
  readonly since?: number;
}

let numbers = 0;

export function member(conversationId: string, given: Given = {}): Numbered {
  const { app = 'a', caller = 'somebody', urgency = 'usual', bytes = 1, since = 0 } = given;
  const command = { conversationId, appId: app as AppId, caller, urgency, bytes, idempotency: null };
  return { command, since, number: numbers++ };
}

export function names(group: readonly Numbered[]): string[] {
  return group.map(({ command }) => command.conversationId);
}
