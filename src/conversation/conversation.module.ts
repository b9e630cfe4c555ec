import { Module } from '@nestjs/common';
import { ConfigurationModule } from '../configuration/index.js';
import { ReadingModule } from '../reading/index.js';
import { Activities } from './activities.js';
import { ClientCaller } from './client/client.caller.js';
import { ClientController } from './client/client.controller.js';
import { ClientReader } from './client/client.reader.js';
import { Forms } from './client/forms.js';
import { Openings } from './client/openings.js';
import { SurveyAnswers } from './client/survey-answers.js';
import { ControlController } from './http/control.controller.js';
import { ConversationBook } from './commands/conversation.book.js';
import { ConversationCommands } from './commands/conversation.commands.js';
import { ConversationsController } from './http/conversations.controller.js';
import { ConversationsQuery } from './queries/conversations.query.js';
import { EndUsers } from './queries/end-users.store.js';
import { MessagesController } from './http/messages.controller.js';
import { MessagesQuery } from './queries/messages.query.js';
import { ParticipantsQuery } from './queries/participants.query.js';
import { SurveyLinks } from './surveys/survey-links.js';
import { TimelineQuery } from './queries/timeline.query.js';
import { TimersStore } from './timers/timers.store.js';
import { TimersSweep } from './timers/timers.sweep.js';
import { UserNewsModule } from './user-news.js';

/** The ledger's book. A module of its own, because the ledger is built from it and the rest calls the ledger. */
@Module({ imports: [ConfigurationModule], providers: [ConversationBook], exports: [ConversationBook] })
export class ConversationBookModule {}

/** Conversations over HTTP, and their timers. Needs `Ledger` (`LedgerModule.forRoot`, global). */
@Module({
  imports: [ConfigurationModule, ReadingModule, UserNewsModule],
  controllers: [ConversationsController, MessagesController, ControlController, ClientController],
  providers: [
    Activities,
    ClientCaller,
    ClientReader,
    ConversationCommands,
    ConversationsQuery,
    EndUsers,
    MessagesQuery,
    Openings,
    ParticipantsQuery,
    Forms,
    SurveyAnswers,
    SurveyLinks,
    TimelineQuery,
    TimersStore,
    TimersSweep,
  ],
  exports: [ClientCaller, ConversationCommands, MessagesQuery, SurveyLinks, TimersSweep, UserNewsModule],
})
export class ConversationModule {}
