import type { EventEmitter2 } from '@nestjs/event-emitter';
import { SESSIONS_WAIT, type SessionsWait } from './signals.js';
import { waitingRows } from './waiting/waiting-rows.store.js';

export * from './routing.module.js';

/** What routing writes in the transaction of a conversation. */
export const routingWriters = (signals: EventEmitter2) => [
  waitingRows((appIds) => signals.emit(SESSIONS_WAIT, { appIds } satisfies SessionsWait)),
];
