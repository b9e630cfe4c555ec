import { Module } from '@nestjs/common';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { ConfigModule } from './platform/config/index.js';
import { LifecycleModule } from './platform/lifecycle/index.js';
import { NatsModule } from './platform/nats/index.js';
import { PostgresModule } from './platform/postgres/index.js';
import { TelemetryModule } from './platform/telemetry/index.js';

/** The list of rooms: the only file that knows all of them, listeners and row writers included. */
@Module({
  imports: [ConfigModule, LifecycleModule, PostgresModule, NatsModule, TelemetryModule, EventEmitterModule.forRoot()],
})
export class AppModule {}
