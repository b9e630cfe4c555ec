import { Module } from '@nestjs/common';
import { ConversationModule } from '../conversation/index.js';
import { ErasureModule } from '../erasure/index.js';
import { ReadingModule } from '../reading/index.js';
import { ClientsController } from './clients.controller.js';
import { UserRemoval } from './user-removal.js';
import { UserStanding } from './user-standing.js';
import { UserTraces } from './user-traces.store.js';
import { UsersController } from './users.controller.js';
import { UsersService } from './users.service.js';
import { UsersStore } from './users.store.js';

@Module({
  imports: [ConversationModule, ErasureModule, ReadingModule],
  controllers: [UsersController, ClientsController],
  providers: [UsersService, UsersStore, UserRemoval, UserStanding, UserTraces],
  exports: [UsersService],
})
export class DirectoryModule {}
