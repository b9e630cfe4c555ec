import { EventEmitter2 } from '@nestjs/event-emitter';
import { agentAnnouncements, agentWriters } from '../../src/agents/index.js';
import { ConfigurationStore } from '../../src/configuration/index.js';
import {
  announcements,
  ConversationBook,
  ConversationCommands,
  conversationWriters,
  type ConversationRequest,
  type Loaded,
  type Settled,
} from '../../src/conversation/index.js';
import { LedgerEngine, outboxWriter } from '../../src/ledger/index.js';
import { Db } from '../../src/platform/postgres/index.js';
import { Metrics } from '../../src/platform/telemetry/index.js';
import { AppContents } from '../../src/removals/app-contents.store.js';
import { RemovalCommands } from '../../src/removals/commands.js';
import { GroundsStore } from '../../src/removals/grounds.store.js';
import { RemovalsStore } from '../../src/removals/removals.store.js';
import { RemovalsSweep } from '../../src/removals/removals.sweep.js';
import { RemovalWork } from '../../src/removals/work.js';

/** A process that works on removals and does nothing else: ledger, row writers, sweep. */
export function startRemover(databaseUrl: string): void {
  const db = new Db(databaseUrl);
  const signals = new EventEmitter2();
  const writers = [
    ...conversationWriters(signals),
    ...agentWriters(signals),
    outboxWriter<Settled>(
      (entry) => [...announcements(entry), ...agentAnnouncements(entry)],
      () => undefined,
    ),
  ];
  const book = new ConversationBook(new ConfigurationStore(db));
  const ledger = new LedgerEngine<ConversationRequest, Loaded, Settled>(book, writers, () => db.openWriter());
  const store = new RemovalsStore(db);
  const commands = new RemovalCommands(new ConversationCommands(ledger));
  const work = new RemovalWork(store, new GroundsStore(db), new AppContents(db), commands);
  new RemovalsSweep(store, work, { roles: new Set(['timers']) } as never, new Metrics()).onApplicationBootstrap();
}
