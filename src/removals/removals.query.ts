import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { RemovalKind } from '../configuration/index.js';
import type { AppId } from '../kernel/index.js';
import { isoTime } from '../platform/clock/index.js';
import { beyond, order, type Page } from '../platform/http/index.js';
import { Db, refuseStrayCursor } from '../platform/postgres/index.js';
import type { Stage } from './removals.store.js';

/** A removal as the API tells it. */
export interface RemovalView {
  readonly id: string;
  readonly appId: string;
  readonly kind: RemovalKind;
  /** The id of what was deleted. */
  readonly subjectId: string;
  readonly state: 'running' | 'finished';
  readonly stage: Stage;
  /** Conversations of the app, or live sessions of a deleted one; `null`: not counted yet. */
  readonly total: number | null;
  /** How many of them were looked at. */
  readonly done: number;
  /** How many of those stood on what is gone, and were settled. */
  readonly settled: number;
  /** How many could not be; their own next command settles them. */
  readonly failed: number;
  readonly startedAt: string;
  readonly finishedAt: string | null;
}

@Injectable()
export class RemovalsQuery {
  constructor(private readonly db: Db) {}

  /** In reading direction, as `paged` wants them. `null`: of every app. */
  async page(appId: AppId | null, { cursor, direction, limit }: Page): Promise<readonly RemovalView[]> {
    if (appId !== null) await refuseStrayCursor(this.db, 'removal', cursor, { app_id: appId });
    const rows = await this.select(appId)
      .$if(cursor !== null, (removals) => removals.where('id', beyond(direction), cursor ?? ''))
      .orderBy('id', order(direction))
      .limit(limit)
      .execute();
    return rows.map(viewOf);
  }

  async find(appId: AppId | null, id: string): Promise<RemovalView | null> {
    const row = await this.select(appId).where('id', '=', id).executeTakeFirst();
    return row === undefined ? null : viewOf(row);
  }

  private select(appId: AppId | null) {
    const on = appId === null ? this.db.as('account').kysely : this.db.kysely;
    return on
      .selectFrom('removal')
      .select(['id', 'app_id', 'kind', 'subject', 'stage', 'total', 'started_at', 'finished_at'])
      .select([
        sql<number>`looked_at::float8`.as('done'),
        sql<number>`settled::float8`.as('settled'),
        sql<number>`failed::float8`.as('failed'),
      ])
      .$if(appId !== null, (removals) => removals.where('app_id', '=', appId ?? ''));
  }
}

type Row = Awaited<ReturnType<ReturnType<RemovalsQuery['select']>['execute']>>[number];

function viewOf({ id, app_id, kind, subject, stage, total, done, settled, failed, started_at, finished_at }: Row) {
  return {
    id,
    appId: app_id,
    kind: kind as RemovalKind,
    subjectId: subject,
    state: finished_at === null ? ('running' as const) : ('finished' as const),
    stage: stage as Stage,
    total,
    done,
    settled,
    failed,
    startedAt: isoTime(started_at),
    finishedAt: finished_at === null ? null : isoTime(finished_at),
  };
}
