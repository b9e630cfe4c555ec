import { Module, type OnApplicationBootstrap } from '@nestjs/common';
import { Partitions } from '../ledger/index.js';
import { Config } from '../platform/config/index.js';
import { Drain } from '../platform/lifecycle/index.js';
import { Db } from '../platform/postgres/index.js';
import { Metrics } from '../platform/telemetry/index.js';
import { ActivityListener } from './activity.listener.js';
import { DeadLettersController } from './dead-letters.controller.js';
import { DeadLetters } from './dead-letters.query.js';
import { DeliveryWriter } from './delivery.writer.js';
import { WebhookEngine } from './engine.js';
import { SealedSecrets, webhookDirectory } from './webhook-directory.query.js';

/**
 * Listens: `app.module` registers its `DeliveryWriter` with the ledger. Needs `Partitions` and `SealedSecrets` from the
 * outside; sends where the process has the role `lanes`.
 */
@Module({
  controllers: [DeadLettersController],
  providers: [
    {
      provide: WebhookEngine,
      inject: [Db, Partitions, Config, Metrics, SealedSecrets],
      useFactory: (db: Db, partitions: Partitions, config: Config, metrics: Metrics, secrets: SealedSecrets) =>
        new WebhookEngine({
          db,
          partitions,
          config: config.webhooks,
          find: webhookDirectory(db, secrets),
          metrics,
          sends: config.roles.has('lanes'),
        }),
    },
    { provide: DeliveryWriter, inject: [WebhookEngine], useFactory: (engine: WebhookEngine) => engine.writer },
    DeadLetters,
    ActivityListener,
  ],
  exports: [DeliveryWriter],
})
export class WebhooksModule implements OnApplicationBootstrap {
  constructor(
    private readonly engine: WebhookEngine,
    private readonly drain: Drain,
  ) {}

  onApplicationBootstrap(): void {
    this.engine.start();
    // Results of attempts that are over must still be written, so leave a little of the time to the stages behind.
    this.drain.add('workers', 'webhook lanes', (withinMs) => this.engine.stop(withinMs / 2));
  }
}
