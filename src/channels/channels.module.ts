import { Module } from '@nestjs/common';
import { TenancyModule } from '../tenancy/index.js';
import { ChannelsController } from './channels.controller.js';
import { ChannelsService } from './channels.service.js';
import { ChannelsStore } from './channels.store.js';

@Module({ imports: [TenancyModule], controllers: [ChannelsController], providers: [ChannelsService, ChannelsStore] })
export class ChannelsModule {}
