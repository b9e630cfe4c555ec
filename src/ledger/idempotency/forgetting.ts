import { CompiledQuery } from 'kysely';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Db } from '../../platform/postgres/index.js';
import { Troubles } from '../../platform/telemetry/index.js';
import { forget } from './idempotency.js';

const EVERY_MS = 10 * 60_000;
const PIECE = 5_000;

/** Forgets stored answers 24 h after they were given. Any process may do it; two at once do no harm. */
@Injectable()
export class Forgetting implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly troubles = new Troubles(Forgetting.name, { fails: 'stored answers are forgotten later' });
  private timer: NodeJS.Timeout | undefined;

  constructor(@Inject(Db) private readonly db: Db) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sweep().catch((error: unknown) => this.troubles.failed(error)), EVERY_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Returns how many it forgot. A failure is left to the next sweep. */
  async sweep(): Promise<number> {
    const { text, values } = forget(PIECE);
    for (let total = 0; ;) {
      const { rows } = await this.db.as('forgetting').kysely.executeQuery(CompiledQuery.raw(text, [...values]));
      total += rows.length;
      if (rows.length < PIECE) {
        this.troubles.over();
        return total;
      }
    }
  }
}
