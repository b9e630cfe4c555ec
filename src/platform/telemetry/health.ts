import { Injectable } from '@nestjs/common';
import { HouseClock } from '../clock/house-clock.js';
import { Drain } from '../lifecycle/index.js';
import { Nats } from '../nats/index.js';
import { Db } from '../postgres/index.js';

export interface Readiness {
  readonly ready: boolean;
  /** `standby`: it takes no changes yet. `exhausted`: it ran out of something a moment ago. */
  readonly postgres: 'reachable' | 'unreachable' | 'standby' | 'exhausted';
  /** What it ran out of, such as `disk_full`; `null`: nothing. */
  readonly exhausted: string | null;
  /** Told, but not waited for: without NATS the API works and events wait in the outbox. */
  readonly nats: string;
  /** `differs`: this machine's and the database's are more than two seconds apart. Told, for somebody to see to. */
  readonly clock: 'agrees' | 'differs' | 'unknown';
  /** By how much the database's is ahead. */
  readonly clockOffsetMs: number | null;
  readonly draining: boolean;
}

/**
 * Whether to send requests here: PostgreSQL answers, has what it needs, and we are not stopping. That its schema is the program's is given:
 * there is no `Db` before the migrations are done.
 */
@Injectable()
export class Health {
  constructor(
    private readonly db: Db,
    private readonly nats: Nats,
    private readonly drain: Drain,
    private readonly clock: HouseClock,
  ) {}

  async readiness(): Promise<Readiness> {
    const answers = await this.db.answers();
    const { exhausted } = this.db.standing;
    const { draining } = this.drain;
    return {
      ready: answers === 'reachable' && exhausted?.ofAll !== true && !draining,
      postgres: answers === 'reachable' && exhausted !== null ? 'exhausted' : answers,
      exhausted: exhausted?.condition ?? null,
      nats: this.nats.status,
      ...this.clocks(),
      draining,
    };
  }

  private clocks(): Pick<Readiness, 'clock' | 'clockOffsetMs'> {
    const { offset: clockOffsetMs, differs } = this.clock;
    if (clockOffsetMs === null) return { clock: 'unknown', clockOffsetMs };
    return { clock: differs ? 'differs' : 'agrees', clockOffsetMs };
  }
}
