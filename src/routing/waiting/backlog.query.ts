import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { AppId } from '../../kernel/index.js';
import { isoTime } from '../../platform/clock/index.js';
import { beyond, order, type Slice } from '../../platform/http/index.js';
import { Db, refuseStrayCursor } from '../../platform/postgres/index.js';

/** How a queue stands at this moment. */
export interface QueueBacklog {
  /** The queue. */
  readonly id: string;
  readonly name: string;
  /** Sessions that wait in it, those an agent is being asked for included. */
  readonly waiting: number;
  readonly offered: number;
  /** When a human was asked for in the session that waits longest; absent in an empty queue. */
  readonly oldestRequestedAt?: string;
}

@Injectable()
export class BacklogQuery {
  constructor(private readonly db: Db) {}

  /** By queue, in reading direction. */
  async ofApp(appId: AppId, { cursor, direction, limit }: Slice): Promise<readonly QueueBacklog[]> {
    await refuseStrayCursor(this.db, 'queue', cursor, { app_id: appId });
    const rows = await this.db.kysely
      .selectFrom('queue as q')
      .leftJoinLateral(
        (with_) =>
          with_
            .selectFrom('waiting as w')
            .select([
              sql<number>`count(*)`.as('waiting'),
              sql<number>`count(w.offered_to)`.as('offered'),
              sql<Date | null>`min(w.requested_at)`.as('oldest'),
            ])
            .where('w.app_id', '=', appId)
            .whereRef('w.queue_id', '=', 'q.id')
            .as('b'),
        (join) => join.onTrue(),
      )
      .select(['q.id', 'q.name', 'b.waiting', 'b.offered', 'b.oldest'])
      .where('q.app_id', '=', appId)
      .$if(cursor !== null, (query) => query.where('q.id', beyond(direction), cursor ?? ''))
      .orderBy('q.id', order(direction))
      .limit(limit)
      .execute();
    return rows.map(({ id, name, waiting, offered, oldest }) => ({
      id,
      name,
      waiting: Number(waiting),
      offered: Number(offered),
      ...(oldest && { oldestRequestedAt: isoTime(oldest) }),
    }));
  }
}
