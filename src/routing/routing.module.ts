import { Module } from '@nestjs/common';
import { ConsumersModule } from '../consumers/index.js';
import { TenancyModule } from '../tenancy/index.js';
import { Loads } from './load.store.js';
import { LoadsController } from './loads.controller.js';
import { RoutingListener } from './routing.listener.js';

@Module({
  imports: [TenancyModule, ConsumersModule],
  controllers: [LoadsController],
  providers: [Loads, RoutingListener],
})
export class RoutingModule {}
