import { Module } from '@nestjs/common';
import { ConversationModule } from '../conversation/index.js';
import { SessionWorkController } from './session-work.controller.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsQuery } from './sessions.query.js';
import { SessionsService } from './sessions.service.js';

@Module({
  imports: [ConversationModule],
  controllers: [SessionsController, SessionWorkController],
  providers: [SessionsQuery, SessionsService],
})
export class SessionsModule {}
