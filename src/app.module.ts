import { Module } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { agentAnnouncements, AgentsModule, agentWriters } from './agents/index.js';
import { AuditModule } from './audit/index.js';
import { ChannelsModule } from './channels/index.js';
import { ConfigurationModule } from './configuration/index.js';
import {
  announcements,
  ConversationBook,
  ConversationBookModule,
  ConversationModule,
  conversationWriters,
  type ConversationRequest,
  type Loaded,
  type Settled,
} from './conversation/index.js';
import { CsatModule, surveyWriters } from './csat/index.js';
import { DemoModule } from './demo/index.js';
import { DeskModule } from './desk/index.js';
import { DirectoryModule } from './directory/index.js';
import { erasedWords } from './erasure/index.js';
import { IntegrationsModule } from './integrations/index.js';
import { LedgerModule, OutboundModule, OutboxRelay, outboxWriter } from './ledger/index.js';
import { ClockModule } from './platform/clock/index.js';
import { ConfigModule } from './platform/config/index.js';
import { LifecycleModule } from './platform/lifecycle/index.js';
import { NatsModule } from './platform/nats/index.js';
import { PostgresModule } from './platform/postgres/index.js';
import { SecretsModule } from './platform/secrets/index.js';
import { TelemetryModule } from './platform/telemetry/index.js';
import { RemovalsModule } from './removals/index.js';
import { RoutingModule, routingWriters } from './routing/index.js';
import { SessionsModule } from './sessions/index.js';
import { SwitchboardsModule } from './switchboards/index.js';
import { TenancyModule } from './tenancy/index.js';
import { DeliveryWriter, FailOverModule, WebhooksModule } from './webhooks/index.js';
import { WireModule } from './wire/index.js';

/** What every transaction of a conversation writes: its own rows, the deliveries, the announcements. */
const ledger = LedgerModule.forRoot<ConversationRequest, Loaded, Settled>({
  imports: [ConversationBookModule, WebhooksModule, OutboundModule],
  inject: [ConversationBook, DeliveryWriter, OutboxRelay, EventEmitter2],
  useFactory: (book: ConversationBook, deliveries: DeliveryWriter, relay: OutboxRelay, signals: EventEmitter2) => ({
    book,
    subject: ({ target }: ConversationRequest) => ({ conversationId: target }),
    writers: [
      ...conversationWriters(signals),
      ...surveyWriters,
      ...agentWriters(signals),
      ...routingWriters(signals),
      erasedWords,
      deliveries,
      outboxWriter(announcements, (rows) => relay.handOver(rows)),
      outboxWriter(agentAnnouncements, (rows) => relay.handOver(rows)),
    ],
  }),
});

/** The list of rooms: the only file that knows all of them, listeners and row writers included. */
@Module({
  imports: [
    ConfigModule,
    LifecycleModule,
    PostgresModule,
    NatsModule,
    SecretsModule,
    ClockModule,
    TelemetryModule,
    EventEmitterModule.forRoot(),
    ConfigurationModule,
    AuditModule,
    AgentsModule,
    TenancyModule,
    IntegrationsModule,
    SwitchboardsModule,
    ChannelsModule,
    ConversationModule,
    DeskModule,
    DirectoryModule,
    SessionsModule,
    WebhooksModule,
    FailOverModule,
    CsatModule,
    RoutingModule,
    RemovalsModule,
    DemoModule,
    WireModule,
    // Takes partitions in its bootstrap hook: behind the rooms that watch them.
    OutboundModule,
    ledger,
  ],
})
export class AppModule {}
