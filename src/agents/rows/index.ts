import type { EventEmitter2 } from '@nestjs/event-emitter';
import type { RowWriter } from '../../ledger/index.js';
import type { ChangesAgents } from '../changed.js';
import type { AgentEntry } from '../ledger/agent.request.js';
import { AGENTS_CHANGED, type AgentsChanged } from '../signals.js';
import { agentRows } from './agent-rows.store.js';
import { agentTimerRows } from './agent-timer-rows.store.js';
import { departureRows, notesRows } from './own-rows.store.js';
import { workItemRows } from './work-item-rows.store.js';

/** What a change of agents leaves, in either ledger: rows before those that refer to them. */
export const agentWriters = (signals: EventEmitter2): readonly RowWriter<ChangesAgents>[] => [
  agentRows((agents) => signals.emit(AGENTS_CHANGED, { agents } satisfies AgentsChanged)),
  workItemRows,
  agentTimerRows,
];

/** What an agent alone leaves beside that. */
export const ownWriters = (signals: EventEmitter2): readonly RowWriter<AgentEntry>[] => [
  ...agentWriters(signals),
  notesRows,
  departureRows,
];
