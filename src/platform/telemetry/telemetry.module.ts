import { Global, Module } from '@nestjs/common';
import { Config } from '../config/index.js';
import { Health } from './health.js';
import { Log } from './log.js';
import { Metrics } from './metrics.js';

@Global()
@Module({
  providers: [{ provide: Log, inject: [Config], useFactory: (config: Config) => new Log(config) }, Metrics, Health],
  exports: [Log, Metrics, Health],
})
export class TelemetryModule {}
