import { Global, Module } from '@nestjs/common';
import { ConfigurationChange } from './configuration.change.js';
import { ConfigurationStore } from './configuration.store.js';

/** Needs `Once`, which the ledger's module gives to everyone. */
@Global()
@Module({
  providers: [ConfigurationStore, ConfigurationChange],
  exports: [ConfigurationStore, ConfigurationChange],
})
export class ConfigurationModule {}
