import { Module } from '@nestjs/common';
import { ConversationModule } from '../conversation/index.js';
import { TenancyModule } from '../tenancy/index.js';
import { ClientConfigController } from './client-config.controller.js';
import { ChannelsController } from './channels.controller.js';
import { ChannelsService } from './channels.service.js';
import { ChannelsStore } from './channels.store.js';
import { LinkRequests } from './link-requests.service.js';
import { LinkRequestsStore } from './link-requests.store.js';

@Module({
  imports: [TenancyModule, ConversationModule],
  controllers: [ChannelsController, ClientConfigController],
  providers: [ChannelsService, ChannelsStore, LinkRequests, LinkRequestsStore],
})
export class ChannelsModule {}
