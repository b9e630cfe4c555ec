import { Global, Module } from '@nestjs/common';
import { Config } from '../config/index.js';
import { Db } from './db.js';
import { Store } from './store.js';

/**
 * Gives everyone `Db`, and `Store` to the one who drains: after every connection is closed (`Db.close`), `Store.stop`
 * ends a PostgreSQL of our own. Neither closes by itself, because Nest closes modules in an order of its own.
 */
@Global()
@Module({
  providers: [
    {
      provide: Store,
      inject: [Config],
      useFactory: (config: Config) => Store.open(config, (line) => process.stdout.write(`${line}\n`)),
    },
    { provide: Db, inject: [Store], useFactory: (store: Store) => store.openDb() },
  ],
  exports: [Db, Store],
})
export class PostgresModule {}
