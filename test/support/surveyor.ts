import { EventEmitter2 } from '@nestjs/event-emitter';
import { ConfigurationStore } from '../../src/configuration/index.js';
import {
  announcements,
  ConversationBook,
  ConversationCommands,
  conversationWriters,
  type ConversationRequest,
  type Loaded,
  type Settled,
  type SurveyLinks,
} from '../../src/conversation/index.js';
import { DueSurveys } from '../../src/csat/asking/due-surveys.store.js';
import { surveyWriters } from '../../src/csat/asking/survey-rows.store.js';
import { SurveysSweep } from '../../src/csat/asking/surveys.sweep.js';
import { LedgerEngine, outboxWriter } from '../../src/ledger/index.js';
import type { Config } from '../../src/platform/config/index.js';
import { Drain } from '../../src/platform/lifecycle/index.js';
import { Db } from '../../src/platform/postgres/index.js';

export interface Surveyor {
  readonly sweep: SurveysSweep;
  close(): Promise<void>;
}

/** All that a process needs to ask for ratings: a ledger of its own, row writers, the sweep. */
export function surveyor(databaseUrl: string): Surveyor {
  const db = new Db(databaseUrl);
  const writers = [
    ...conversationWriters(new EventEmitter2()),
    ...surveyWriters,
    outboxWriter(announcements, () => undefined),
  ];
  const book = new ConversationBook(new ConfigurationStore(db));
  const ledger = new LedgerEngine<ConversationRequest, Loaded, Settled>(book, writers, () => db.openWriter());
  const config = { roles: new Set(['csat']) } as unknown as Config;
  const links = { urlOf: () => 'http://127.0.0.1/surveys/x' } as unknown as SurveyLinks;
  const commands = new ConversationCommands(ledger);
  return {
    sweep: new SurveysSweep(new DueSurveys(db), commands, links, config, new Drain()),
    close: async () => {
      await ledger.drain(5_000);
      await db.close();
    },
  };
}

/** A process that asks for ratings and does nothing else. */
export function startSurveyor(databaseUrl: string): void {
  surveyor(databaseUrl).sweep.onApplicationBootstrap();
}
