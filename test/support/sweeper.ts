import { EventEmitter2 } from '@nestjs/event-emitter';
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
import { TimersStore } from '../../src/conversation/timers/timers.store.js';
import { TimersSweep } from '../../src/conversation/timers/timers.sweep.js';
import { LedgerEngine, outboxWriter } from '../../src/ledger/index.js';
import type { Config } from '../../src/platform/config/index.js';
import { Db } from '../../src/platform/postgres/index.js';
import { Metrics } from '../../src/platform/telemetry/index.js';

/** A process with the role `timers` and nothing else: ledger, row writers, sweep. */
export function startSweeper(databaseUrl: string): void {
  const db = new Db(databaseUrl);
  const writers = [...conversationWriters(new EventEmitter2()), outboxWriter(announcements, () => undefined)];
  const book = new ConversationBook(new ConfigurationStore(db));
  const ledger = new LedgerEngine<ConversationRequest, Loaded, Settled>(book, writers, () => db.openWriter());
  const config = { roles: new Set(['timers']) } as unknown as Config;
  const sweep = new TimersSweep(new TimersStore(db), new ConversationCommands(ledger), config, new Metrics());
  sweep.onApplicationBootstrap();
}
