import { Ledger } from '../../ledger/index.js';
import type { AgentEntry, AgentRequest } from './agent.request.js';

/** Runs commands of agents alone. */
export abstract class AgentLedger extends Ledger<AgentRequest, AgentEntry> {}
