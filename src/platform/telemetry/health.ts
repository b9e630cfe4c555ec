import { Injectable } from '@nestjs/common';
import { HouseClock } from '../clock/house-clock.js';
import { Drain } from '../lifecycle/index.js';
import { Nats, Publishing, type Stall } from '../nats/index.js';
import { Db } from '../postgres/index.js';
import { remembered } from './remembered.js';

export interface Readiness {
  readonly ready: boolean;
  /** `standby`: it takes no changes yet. `exhausted`: it ran out of something a moment ago. */
  readonly postgres: 'reachable' | 'unreachable' | 'standby' | 'exhausted';
  /** What it ran out of, such as `disk_full`; `null`: nothing. */
  readonly exhausted: string | null;
  /**
   * Told, but not waited for: without NATS the API works and events wait in the outbox. Beside the states of the
   * connection `refused: stream`, NATS gives us none, and `stalled`, it acknowledges nothing.
   */
  readonly nats: string;
  /** Why, in the words of whoever said so; `null`: all is well. */
  readonly natsDetail: string | null;
  /** Since when nothing was acknowledged while so many events of this process wait; `null`: none wait. */
  readonly publishing: Stall | null;
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
  /** Never an old answer, but one question for all who ask meanwhile. */
  readonly #answers = remembered(() => this.db.answers(), 0);

  constructor(
    private readonly db: Db,
    private readonly nats: Nats,
    private readonly publishing: Publishing,
    private readonly drain: Drain,
    private readonly clock: HouseClock,
  ) {}

  async readiness(): Promise<Readiness> {
    const answers = await this.#answers();
    const { exhausted } = this.db.standing;
    const { draining } = this.drain;
    return {
      ready: answers === 'reachable' && exhausted?.ofAll !== true && !draining,
      postgres: answers === 'reachable' && exhausted !== null ? 'exhausted' : answers,
      exhausted: exhausted?.condition ?? null,
      ...(await this.natsStanding(answers === 'reachable')),
      ...this.clocks(),
      draining,
    };
  }

  private clocks(): Pick<Readiness, 'clock' | 'clockOffsetMs'> {
    const { offset: clockOffsetMs, differs } = this.clock;
    if (clockOffsetMs === null) return { clock: 'unknown', clockOffsetMs };
    return { clock: differs ? 'differs' : 'agrees', clockOffsetMs };
  }

  private async natsStanding(databaseAnswers: boolean): Promise<Pick<Readiness, 'nats' | 'natsDetail' | 'publishing'>> {
    const { nats, publishing } = this;
    const stall = databaseAnswers ? await publishing.stall().catch(() => null) : null;
    const told = (status: string, detail: string | null) => ({ nats: status, natsDetail: detail, publishing: stall });
    if (nats.status !== 'connected') return told(nats.status, nats.detail);
    if (publishing.refused) return told('refused: stream', publishing.failure);
    if (stall !== null) return told('stalled', publishing.failure ?? 'the stream acknowledges nothing');
    return told('connected', publishing.shortfall);
  }
}
