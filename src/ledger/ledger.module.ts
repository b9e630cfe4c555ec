import { Module, type DynamicModule, type FactoryProvider, type ModuleMetadata } from '@nestjs/common';
import { Config } from '../platform/config/index.js';
import { Db } from '../platform/postgres/index.js';
import type { Book, Decided, Queued, RowWriter } from './book.js';
import { LEDGER_DEFAULTS, LedgerEngine } from './engine/engine.js';
import { Forgetting } from './idempotency/forgetting.js';
import { Ledger } from './ledger.js';
import { Once } from './idempotency/once.js';
import { ledgerLog } from './engine/log.js';
import { ledgerMetrics } from './engine/prometheus.js';

/** What the ledger runs: one book, and every feature's row writers in the order their statements are sent. */
export interface LedgerParts<Command extends Queued, Loaded, Entry extends Decided> {
  readonly book: Book<Command, Loaded, Entry>;
  readonly writers: readonly RowWriter<Entry>[];
  /** The ids of whom a command concerns, by name, for the log. */
  readonly subject: (command: Command) => object;
}

/** Written in `app.module`, the one place that may know book and row writers together. */
export interface LedgerWiring<Command extends Queued, Loaded, Entry extends Decided> {
  readonly imports?: ModuleMetadata['imports'];
  readonly inject: NonNullable<FactoryProvider['inject']>;
  // oxlint-disable-next-line typescript/no-explicit-any -- Nest injects by position and knows no types
  readonly useFactory: (...parts: any[]) => LedgerParts<Command, Loaded, Entry>;
}

/**
 * Provides `Ledger`, `Once` and the sweep of stored answers to the whole application. Whoever shuts the process down
 * calls `Ledger.drain` before PostgreSQL is closed.
 */
@Module({})
export class LedgerModule {
  static forRoot<Command extends Queued, Loaded, Entry extends Decided>(
    wiring: LedgerWiring<Command, Loaded, Entry>,
  ): DynamicModule {
    return {
      module: LedgerModule,
      global: true,
      imports: wiring.imports ?? [],
      providers: [
        {
          provide: Ledger,
          inject: [Config, Db, ...wiring.inject],
          useFactory: ({ ledger }: Config, db: Db, ...parts: unknown[]) => {
            const { book, writers, subject } = wiring.useFactory(...parts);
            const options = { ...LEDGER_DEFAULTS, ...ledger };
            const open = () => db.openWriter('switchboard-ledger');
            return new LedgerEngine(
              book,
              writers,
              open,
              options,
              ledgerMetrics(),
              ledgerLog('Ledger', db.standing, subject),
            );
          },
        },
        Once,
        Forgetting,
      ],
      exports: [Ledger, Once],
    };
  }
}
