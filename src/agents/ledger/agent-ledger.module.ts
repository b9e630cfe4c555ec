import { Module } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { ConfigurationModule } from '../../configuration/index.js';
import {
  LEDGER_DEFAULTS,
  LedgerEngine,
  ledgerLog,
  OutboundModule,
  OutboxRelay,
  outboxWriter,
} from '../../ledger/index.js';
import { Config } from '../../platform/config/index.js';
import { Db } from '../../platform/postgres/index.js';
import { agentAnnouncements } from '../announcements.js';
import { ownWriters } from '../rows/index.js';
import { AgentBook } from './agent.book.js';
import { AgentLedger } from './agent-ledger.js';
import { AgentCommands } from './agent.commands.js';
import type { AgentEntry, AgentRequest } from './agent.request.js';

/**
 * A second ledger, for what agents do alone: one writer, and one for agents whose rows are held. Whoever shuts the
 * process down drains it with the first.
 */
@Module({
  imports: [ConfigurationModule, OutboundModule],
  providers: [
    AgentBook,
    {
      provide: AgentLedger,
      inject: [Config, Db, AgentBook, OutboxRelay, EventEmitter2],
      useFactory: ({ ledger }: Config, db: Db, book: AgentBook, relay: OutboxRelay, signals: EventEmitter2) => {
        const outbox = outboxWriter<AgentEntry>(agentAnnouncements, (rows) => relay.handOver(rows));
        const writers = [...ownWriters(signals), outbox];
        const options = { ...LEDGER_DEFAULTS, ...ledger, writers: 1 };
        const open = () => db.openWriter('switchboard-agents');
        const log = ledgerLog<AgentRequest>('AgentLedger', db.standing, ({ conversationId: agentId }) => ({ agentId }));
        return new LedgerEngine(book, writers, open, options, undefined, log);
      },
    },
    AgentCommands,
  ],
  exports: [AgentLedger, AgentCommands],
})
export class AgentLedgerModule {}
