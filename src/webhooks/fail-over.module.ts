import { Module } from '@nestjs/common';
import { ConversationModule } from '../conversation/index.js';
import { FailOverSweep } from './lanes/fail-over.sweep.js';
import { HolderWatchStore } from './lanes/holder-watch.store.js';

/** Commands follow from deliveries here. A module of its own, because the ledger is built from the deliveries' writer. */
@Module({ imports: [ConversationModule], providers: [FailOverSweep, HolderWatchStore] })
export class FailOverModule {}
