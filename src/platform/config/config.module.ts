import { Global, Module } from '@nestjs/common';
import { Config } from './config.js';
import { environment } from './environment.js';
import { loadConfig } from './load.js';

@Global()
@Module({
  providers: [{ provide: Config, useFactory: () => loadConfig(environment) }],
  exports: [Config],
})
export class ConfigModule {}
