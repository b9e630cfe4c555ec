import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Db } from '../../platform/postgres/index.js';
import { TimerClaims } from './claims.store.js';

/** Due and not fired. */
export interface Backlog {
  /** Counted up to 100,000. */
  readonly timers: number;
  readonly oldestSeconds: number;
}

@Injectable()
export class TimersStore {
  constructor(private readonly db: Db) {}

  /** A connection of their own: locks belong to it. The caller closes it. */
  claims(): TimerClaims {
    return new TimerClaims(this.db.url);
  }

  async backlog(): Promise<Backlog> {
    const { rows } = await BACKLOG.execute(this.db.as('timers').kysely);
    return rows[0] ?? { timers: 0, oldestSeconds: 0 };
  }

  /** Forgets the timer of a conversation that is gone. */
  async forget(id: string): Promise<void> {
    await this.db.as('timers').kysely.deleteFrom('timer').where('id', '=', id).execute();
  }
}

const BACKLOG = sql<Backlog>`
  SELECT count(*)::int AS timers,
         coalesce(extract(epoch FROM statement_timestamp() - min(due_at)), 0)::float8 AS "oldestSeconds"
  FROM (SELECT due_at FROM timer WHERE due_at <= statement_timestamp() ORDER BY due_at LIMIT 100000) due`;
