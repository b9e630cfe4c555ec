import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/index.js';
import { ConversationModule } from '../conversation/index.js';
import { TenancyModule } from '../tenancy/index.js';
import { AgentTimersSweep } from './agent-timers.sweep.js';
import { AgentsController } from './agents.controller.js';
import { CrossingsStore } from './crossings.store.js';
import { Crossings } from './crossings.js';
import { Departures } from './departures.js';
import { PresenceController } from './presence.controller.js';
import { PresenceService } from './presence.service.js';
import { Seat } from './seat.js';
import { TabsService } from './tabs.service.js';
import { WorkItemsController } from './work-items.controller.js';

/** Agents over HTTP, their deadlines, and what their going means for conversations. */
@Module({
  imports: [AgentsModule, ConversationModule, TenancyModule],
  controllers: [AgentsController, PresenceController, WorkItemsController],
  providers: [AgentTimersSweep, Crossings, CrossingsStore, Departures, PresenceService, Seat, TabsService],
  exports: [AgentTimersSweep, Departures],
})
export class DeskModule {}
