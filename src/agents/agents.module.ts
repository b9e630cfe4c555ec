import { Module } from '@nestjs/common';
import { ConfigurationModule } from '../configuration/index.js';
import { OutboundModule } from '../ledger/index.js';
import { AgentsService } from './agents.service.js';
import { AgentsStore } from './agents.store.js';
import { AgentLedgerModule } from './ledger/agent-ledger.module.js';
import { AgentTimersStore } from './timers/agent-timers.store.js';
import { WorkItemsQuery } from './work-items.query.js';

/** Who the agents are, and the ledger of what they do alone. Their HTTP API and sweeps are in `src/desk`. */
@Module({
  imports: [AgentLedgerModule, ConfigurationModule, OutboundModule],
  providers: [AgentsStore, AgentsService, AgentTimersStore, WorkItemsQuery],
  exports: [AgentLedgerModule, AgentsService, AgentTimersStore, WorkItemsQuery],
})
export class AgentsModule {}
