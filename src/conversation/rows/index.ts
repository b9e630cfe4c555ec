import type { EventEmitter2 } from '@nestjs/event-emitter';
import type { RowWriter } from '../../ledger/index.js';
import type { Settled } from '../recorded.js';
import { conversationRows, detailRows, formerDefaultRows, removedRows } from './conversation-rows.store.js';
import { eventRows } from './event-rows.store.js';
import { failureMetrics } from './failure-metrics.js';
import { answeredFormRows, messageRows, removedMessageRows } from './message-rows.store.js';
import { leftRows, participantRows } from './participant-rows.store.js';
import { readRows } from './read-rows.store.js';
import { refusalRows } from './refusal-rows.store.js';
import { sessionRows } from './session-rows.store.js';
import { stateRows } from './state-rows.store.js';
import { timerRows } from './timer-rows.store.js';

/** What a decided command leaves, in the order the statements are sent: rows before those that refer to them. */
export const conversationWriters = (signals: EventEmitter2): readonly RowWriter<Settled>[] => [
  formerDefaultRows,
  conversationRows,
  stateRows,
  detailRows,
  participantRows,
  leftRows,
  eventRows,
  messageRows,
  answeredFormRows,
  removedMessageRows,
  readRows(signals),
  refusalRows,
  sessionRows,
  timerRows,
  failureMetrics,
  removedRows,
];
