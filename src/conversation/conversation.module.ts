import { Module } from '@nestjs/common';
import { ConfigurationModule } from '../configuration/index.js';
import { Activities } from './activities.js';
import { ClientCaller } from './client/client.caller.js';
import { ClientController } from './client/client.controller.js';
import { ControlController } from './control.controller.js';
import { ConversationBook } from './conversation.book.js';
import { ConversationCommands } from './conversation.commands.js';
import { ConversationsController } from './conversations.controller.js';
import { ConversationsQuery } from './conversations.query.js';
import { EndUsers } from './end-users.store.js';
import { MessagesController } from './messages.controller.js';
import { MessagesQuery } from './messages.query.js';
import { ParticipantsQuery } from './participants.query.js';
import { TimelineQuery } from './timeline.query.js';
import { TimersStore } from './timers.store.js';
import { TimersSweep } from './timers.sweep.js';

/** The ledger's book. A module of its own, because the ledger is built from it and the rest calls the ledger. */
@Module({ imports: [ConfigurationModule], providers: [ConversationBook], exports: [ConversationBook] })
export class ConversationBookModule {}

/** Conversations over HTTP, and their timers. Needs `Ledger` (`LedgerModule.forRoot`, global). */
@Module({
  imports: [ConfigurationModule],
  controllers: [ConversationsController, MessagesController, ControlController, ClientController],
  providers: [
    Activities,
    ClientCaller,
    ConversationCommands,
    ConversationsQuery,
    EndUsers,
    MessagesQuery,
    ParticipantsQuery,
    TimelineQuery,
    TimersStore,
    TimersSweep,
  ],
  exports: [ConversationCommands, TimersSweep],
})
export class ConversationModule {}
