import { Global, Module } from '@nestjs/common';
import { Config } from './config.js';
import { loadConfig } from './load.js';

@Global()
@Module({
  providers: [{ provide: Config, useFactory: () => loadConfig(process.env) }],
  exports: [Config],
})
export class ConfigModule {}
