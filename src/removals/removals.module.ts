import { Module } from '@nestjs/common';
import { ConversationModule } from '../conversation/index.js';
import { AppContents } from './app-contents.store.js';
import { RemovalCommands } from './commands.js';
import { GroundsStore } from './grounds.store.js';
import { AccountRemovalsController, RemovalsController } from './removals.controller.js';
import { RemovalsQuery } from './removals.query.js';
import { RemovalsStore } from './removals.store.js';
import { RemovalsSweep } from './removals.sweep.js';
import { RemovalWork } from './work.js';

/** What follows when something is deleted that conversations stand on, up to a whole app. */
@Module({
  imports: [ConversationModule],
  controllers: [RemovalsController, AccountRemovalsController],
  providers: [AppContents, GroundsStore, RemovalCommands, RemovalsQuery, RemovalsStore, RemovalsSweep, RemovalWork],
})
export class RemovalsModule {}
