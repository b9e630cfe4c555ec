import { Injectable } from '@nestjs/common';
import { Drain } from '../lifecycle/index.js';
import { Nats } from '../nats/index.js';
import { Db } from '../postgres/index.js';

export interface Readiness {
  readonly ready: boolean;
  readonly postgres: 'reachable' | 'unreachable';
  /** Told, but not waited for: without NATS the API works and events wait in the outbox. */
  readonly nats: string;
  readonly draining: boolean;
}

/**
 * Whether to send requests here: PostgreSQL answers and we are not stopping. That its schema is the program's is given:
 * there is no `Db` before the migrations are done.
 */
@Injectable()
export class Health {
  constructor(
    private readonly db: Db,
    private readonly nats: Nats,
    private readonly drain: Drain,
  ) {}

  async readiness(): Promise<Readiness> {
    const reachable = await this.db.answers();
    const { draining } = this.drain;
    return {
      ready: reachable && !draining,
      postgres: reachable ? 'reachable' : 'unreachable',
      nats: this.nats.status,
      draining,
    };
  }
}
