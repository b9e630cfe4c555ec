import { Injectable } from '@nestjs/common';
import { queueOf } from '../../configuration/index.js';
import type { Queue } from '../../conversation/core/index.js';
import type { AppId, QueueId } from '../../kernel/index.js';
import { databaseNow } from '../../platform/clock/index.js';
import { beyond, order, type Slice } from '../../platform/http/index.js';
import { Db, refuseStrayCursor, type Tx } from '../../platform/postgres/index.js';

@Injectable()
export class QueuesStore {
  constructor(private readonly db: Db) {}

  async insert(tx: Tx, appId: AppId, queue: Queue): Promise<void> {
    const created_at = await databaseNow(tx);
    await tx
      .insertInto('queue')
      .values({ id: queue.id, app_id: appId, created_at, ...columnsOf(queue) })
      .execute();
  }

  async update(tx: Tx, appId: AppId, queue: Queue): Promise<void> {
    await tx
      .updateTable('queue')
      .set(columnsOf(queue))
      .where('app_id', '=', appId)
      .where('id', '=', queue.id)
      .execute();
  }

  async remove(tx: Tx, appId: AppId, id: QueueId): Promise<void> {
    await tx.deleteFrom('queue').where('app_id', '=', appId).where('id', '=', id).execute();
  }

  /** By id, in reading direction. */
  async page(appId: AppId, { cursor, direction, limit }: Slice): Promise<Queue[]> {
    await refuseStrayCursor(this.db, 'queue', cursor, { app_id: appId });
    const rows = await this.db.kysely
      .selectFrom('queue')
      .selectAll()
      .where('app_id', '=', appId)
      .$if(cursor !== null, (query) => query.where('id', beyond(direction), cursor ?? ''))
      .orderBy('id', order(direction))
      .limit(limit)
      .execute();
    return rows.map((row) => queueOf({ ...row }));
  }

  async find(appId: AppId, id: QueueId): Promise<Queue | null> {
    const row = await this.db.kysely
      .selectFrom('queue')
      .selectAll()
      .where('app_id', '=', appId)
      .where('id', '=', id)
      .executeTakeFirst();
    return row === undefined ? null : queueOf({ ...row });
  }

  /** Whether a session waits in it; the app's configuration is locked against the next one. */
  async isWaitedIn(tx: Tx, appId: AppId, id: QueueId): Promise<boolean> {
    const row = await tx
      .selectFrom('waiting')
      .select('session_id')
      .where('app_id', '=', appId)
      .where('queue_id', '=', id)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }
}

function columnsOf({ overflow, ...queue }: Queue) {
  return {
    name: queue.name,
    teams: [...queue.teams],
    skills: [...queue.skills],
    asked_first: [...queue.order],
    weight: queue.weight,
    push_timeout_seconds: queue.pushTimeoutSeconds,
    auto_accept: queue.autoAccept,
    wait_seconds: queue.waitSeconds,
    most_waiting: queue.mostWaiting,
    hours: queue.hours === null ? null : JSON.stringify(queue.hours),
    overflow_to: overflow.to,
    overflow_queue_id: overflow.to === 'queue' ? overflow.queueId : null,
    overflow_bot: overflow.to === 'bot' ? overflow.name : null,
    check_on_return: queue.checkOnReturn,
    takes_transfers: queue.takesTransfers,
  };
}
