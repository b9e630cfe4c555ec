import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { AppId, ChannelId, UserId } from '../kernel/index.js';
import type { Tx } from '../platform/postgres/index.js';

export interface LinkRequest {
  readonly userId: UserId;
  readonly channelId: ChannelId;
}

@Injectable()
export class LinkRequestsStore {
  /** Until when the code is good. What nobody used in time goes with the next one that is asked for. */
  async insert(
    tx: Tx,
    appId: AppId,
    digest: Buffer,
    { userId, channelId }: LinkRequest,
    seconds: number,
  ): Promise<Date> {
    await sql`DELETE FROM link_request WHERE digest IN (
      SELECT digest FROM link_request WHERE expires_at < statement_timestamp() ORDER BY expires_at LIMIT 100
      FOR UPDATE SKIP LOCKED)`.execute(tx);
    const { rows } = await sql<{ expires_at: Date }>`
      INSERT INTO link_request (digest, app_id, user_id, channel_id, expires_at)
      VALUES (${digest}, ${appId}, ${userId}, ${channelId},
              date_trunc('milliseconds', statement_timestamp()) + make_interval(secs => ${seconds}))
      RETURNING expires_at`.execute(tx);
    const [row] = rows;
    if (row === undefined) throw new Error('PostgreSQL told no row');
    return row.expires_at;
  }

  /** Once, in time, on the channel that it was asked for; `null` otherwise. */
  async confirm(tx: Tx, appId: AppId, digest: Buffer, channelId: ChannelId): Promise<ConfirmedUser | null> {
    const { rows } = await sql<ConfirmedUser>`
      UPDATE link_request l SET confirmed_at = statement_timestamp()
      FROM app_user u
      WHERE l.digest = ${digest} AND l.app_id = ${appId} AND l.channel_id = ${channelId} AND u.id = l.user_id
        AND l.confirmed_at IS NULL AND l.expires_at > statement_timestamp()
      RETURNING u.id AS "userId", u.external_id AS "externalId"`.execute(tx);
    return rows[0] ?? null;
  }
}

export interface ConfirmedUser {
  readonly userId: string;
  readonly externalId: string | null;
}
