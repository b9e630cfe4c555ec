import { Module } from '@nestjs/common';
import { ConversationModule } from '../conversation/index.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsQuery } from './sessions.query.js';

@Module({ imports: [ConversationModule], controllers: [SessionsController], providers: [SessionsQuery] })
export class SessionsModule {}
