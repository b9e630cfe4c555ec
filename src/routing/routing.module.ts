import { Module } from '@nestjs/common';
import { ConsumersModule } from '../consumers/index.js';
import { ConversationModule } from '../conversation/index.js';
import { TenancyModule } from '../tenancy/index.js';
import { DispatchStore } from './dispatch/dispatch.store.js';
import { Dispatcher } from './dispatch/dispatcher.js';
import { OrphansStore } from './dispatch/orphans.store.js';
import { Loads } from './load.store.js';
import { LoadsController } from './loads.controller.js';
import { BacklogController } from './waiting/backlog.controller.js';
import { BacklogQuery } from './waiting/backlog.query.js';
import { QueuesController } from './queues/queues.controller.js';
import { QueuesService } from './queues/queues.service.js';
import { QueuesStore } from './queues/queues.store.js';
import { RoutingListener } from './routing.listener.js';

@Module({
  imports: [TenancyModule, ConsumersModule, ConversationModule],
  controllers: [LoadsController, QueuesController, BacklogController],
  providers: [
    Loads,
    RoutingListener,
    QueuesService,
    QueuesStore,
    BacklogQuery,
    DispatchStore,
    OrphansStore,
    Dispatcher,
  ],
})
export class RoutingModule {}
