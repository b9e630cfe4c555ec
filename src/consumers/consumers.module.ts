import { Module } from '@nestjs/common';
import { ConsumedEvents } from './consumed-events.store.js';
import { EventConsumers } from './event-consumers.js';

/** What consumers of events in this process share. Needs the global modules of lifecycle, NATS, PostgreSQL, telemetry. */
@Module({ providers: [ConsumedEvents, EventConsumers], exports: [EventConsumers] })
export class ConsumersModule {}
