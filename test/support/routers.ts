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
import type { Config } from '../../src/platform/config/index.js';
import { Db } from '../../src/platform/postgres/index.js';
import { Metrics } from '../../src/platform/telemetry/index.js';
import { DispatchStore } from '../../src/routing/dispatch/dispatch.store.js';
import { Dispatcher } from '../../src/routing/dispatch/dispatcher.js';
import { OrphansStore } from '../../src/routing/dispatch/orphans.store.js';
import { routingWriters } from '../../src/routing/index.js';

export interface Router {
  readonly dispatcher: Dispatcher;
  readonly store: DispatchStore;
  close(): Promise<void>;
}

/** A dispatcher as a process of its own has it: connections, ledger and configuration shared with nobody. */
export function startRouter(url: string): Router {
  const db = new Db(url);
  const signals = new EventEmitter2();
  const configurations = new ConfigurationStore(db);
  const writers = [
    ...conversationWriters(signals),
    ...agentWriters(signals),
    ...routingWriters(signals),
    outboxWriter<Settled>(
      (entry) => [...announcements(entry), ...agentAnnouncements(entry)],
      () => undefined,
    ),
  ];
  const book = new ConversationBook(configurations);
  const ledger = new LedgerEngine<ConversationRequest, Loaded, Settled>(book, writers, () => db.openWriter());
  const store = new DispatchStore(db);
  const dispatcher = new Dispatcher(
    store,
    new OrphansStore(db),
    new ConversationCommands(ledger),
    configurations,
    { roles: new Set(['routing']) } as unknown as Config,
    new Metrics(),
  );
  return {
    dispatcher,
    store,
    async close() {
      await dispatcher.beforeApplicationShutdown();
      await ledger.drain(5_000);
      await db.close();
    },
  };
}

/** What a router knows of the agents is old by the time it acts: it saw them, and stands still until `go`. */
export function holdBack({ store }: Router): { readonly seen: Promise<void>; go(): void } {
  let go = (): void => undefined;
  let sees = (): void => undefined;
  const gone = new Promise<void>((resolve) => (go = resolve));
  const seen = new Promise<void>((resolve) => (sees = resolve));
  const agents = store.agents.bind(store);
  store.agents = async (appId) => {
    store.agents = agents;
    const found = await agents(appId);
    sees();
    await gone;
    return found;
  };
  return { seen, go };
}
