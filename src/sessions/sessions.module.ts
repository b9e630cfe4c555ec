import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/index.js';
import { ConversationModule } from '../conversation/index.js';
import { ReadingModule } from '../reading/index.js';
import { SessionActionsController } from './session-actions.controller.js';
import { SessionActionsQuery } from './session-actions.query.js';
import { SessionActions } from './session-actions.service.js';
import { SessionTranscriptController } from './session-transcript.controller.js';
import { SessionWorkController } from './session-work.controller.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsQuery } from './sessions.query.js';
import { SessionsService } from './sessions.service.js';

@Module({
  imports: [AgentsModule, ConversationModule, ReadingModule],
  controllers: [SessionsController, SessionWorkController, SessionActionsController, SessionTranscriptController],
  providers: [SessionsQuery, SessionsService, SessionActionsQuery, SessionActions],
})
export class SessionsModule {}
