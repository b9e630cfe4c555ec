import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { UserNews, UserNewsModule } from '../conversation/index.js';
import { Partitions } from '../ledger/index.js';
import { HouseClock } from '../platform/clock/index.js';
import { Config } from '../platform/config/index.js';
import { Db } from '../platform/postgres/index.js';
import { SecretBox } from '../platform/secrets/index.js';
import { Metrics } from '../platform/telemetry/index.js';
import { ActivityListener } from './activity.listener.js';
import { DeadLettersController } from './dead-letters/dead-letters.controller.js';
import { DeadLetters } from './dead-letters/dead-letters.query.js';
import { Resending } from './dead-letters/resending.store.js';
import { DeliveryWriter } from './rendering/delivery.writer.js';
import { WebhookEngine } from './engine.js';
import { webhookDirectory } from './webhook-directory.query.js';

/**
 * Listens: `app.module` registers its `DeliveryWriter` with the ledger. Needs `Partitions` from the outside; sends
 * where the process has the role `lanes`.
 */
@Module({
  imports: [UserNewsModule],
  controllers: [DeadLettersController],
  providers: [
    {
      provide: WebhookEngine,
      inject: [Db, Partitions, Config, Metrics, SecretBox, HouseClock],
      useFactory: (
        db: Db,
        partitions: Partitions,
        config: Config,
        metrics: Metrics,
        box: SecretBox,
        clock: HouseClock,
      ) =>
        new WebhookEngine({
          db,
          partitions,
          config: config.webhooks,
          find: webhookDirectory(db, box),
          metrics,
          now: () => clock.now(),
          sends: config.roles.has('lanes'),
        }),
    },
    { provide: DeliveryWriter, inject: [WebhookEngine], useFactory: (engine: WebhookEngine) => engine.writer },
    DeadLetters,
    Resending,
    ActivityListener,
  ],
  exports: [DeliveryWriter],
})
export class WebhooksModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly engine: WebhookEngine,
    private readonly config: Config,
    news: UserNews,
  ) {
    news.listen((tx, event) => engine.users.write(tx, event));
  }

  onApplicationBootstrap(): void {
    this.engine.start();
  }

  /** Attempts under way get half of the drain; what is cut then is repeated by the next owner. */
  async onModuleDestroy(): Promise<void> {
    await this.engine.stop((this.config.drainSeconds * 1000) / 2);
  }
}
