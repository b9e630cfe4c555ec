import { EventEmitter2 } from '@nestjs/event-emitter';
import { AgentsStore } from '../../src/agents/agents.store.js';
import {
  agentAnnouncements,
  AgentBook,
  AgentCommands,
  AgentsService,
  AgentTimersStore,
  agentWriters,
  ownWriters,
  type AgentEntry,
} from '../../src/agents/index.js';
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
import { AgentTimersSweep, Departures, PresenceService } from '../../src/desk/index.js';
import type { AgentId, AppId } from '../../src/kernel/index.js';
import { LedgerEngine, outboxWriter } from '../../src/ledger/index.js';
import { Db, ofApps } from '../../src/platform/postgres/index.js';
import { Metrics } from '../../src/platform/telemetry/index.js';

/**
 * A process in which these agents log out one after another, confirmed. `'sweeps'`: it also goes on with what a process
 * before it left undone.
 */
export async function startLeaver(
  databaseUrl: string,
  appId: AppId,
  agentIds: readonly AgentId[],
  sweeps: 'sweeps' | null,
): Promise<void> {
  const db = new Db(databaseUrl);
  const ofApp = { ...db.within(ofApps([appId])), as: db.as.bind(db) } as unknown as Db;
  const signals = new EventEmitter2();
  const configurations = new ConfigurationStore(db);
  const open = () => db.openWriter();
  const conversations = new LedgerEngine<ConversationRequest, Loaded, Settled>(
    new ConversationBook(configurations),
    [
      ...conversationWriters(signals),
      ...agentWriters(signals),
      outboxWriter<Settled>(
        (entry) => [...announcements(entry), ...agentAnnouncements(entry)],
        () => undefined,
      ),
    ],
    open,
  );
  const own = [...ownWriters(signals), outboxWriter<AgentEntry>(agentAnnouncements, () => undefined)];
  const agents = new AgentCommands(new LedgerEngine(new AgentBook(configurations), own, open));
  // Of the service only what reads is used.
  const relay = { handOver: () => undefined } as never;
  const service = new AgentsService(new AgentsStore(ofApp), null as never, relay, signals);
  const timers = new AgentTimersStore(ofApp);
  const departures = new Departures(timers, service, new ConversationCommands(conversations));
  const roles = new Set(sweeps === null ? [] : ['timers']);
  new AgentTimersSweep(timers, agents, departures, { roles } as never, new Metrics()).onApplicationBootstrap();
  const presence = new PresenceService(agents, service, timers, departures);
  for (const agentId of agentIds) await presence.logout({ appId, agentId, idempotency: null }, true);
}
