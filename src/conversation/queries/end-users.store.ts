import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Failure, parseId, type AppId, type UserId } from '../../kernel/index.js';
import { newId } from '../../platform/ids.js';
import { Db } from '../../platform/postgres/index.js';
import { snapshotOf } from '../commands/held.store.js';
import type { UserSnapshot } from '../recorded.js';

/** How a body names an end user: by our id or by the business' own, exactly one of them. */
export interface UserReference {
  readonly userId?: string | undefined;
  readonly userExternalId?: string | undefined;
}

/** End users as conversations need them. Their profiles are the directory's. */
@Injectable()
export class EndUsers {
  constructor(private readonly db: Db) {}

  /** `Failure('user_not_found')` when the app has no such user. */
  async find(appId: AppId, { userId, userExternalId }: UserReference): Promise<UserSnapshot> {
    const id = parseId<UserId>(userId);
    if (userId !== undefined && id === null) throw new Failure('user_not_found', 'User not found');
    const row = await this.db.kysely
      .selectFrom('app_user')
      .selectAll()
      .where('app_id', '=', appId)
      .$if(id !== null, (query) => query.where('id', '=', id ?? ''))
      .$if(id === null, (query) => query.where('external_id', '=', userExternalId ?? ''))
      .executeTakeFirst();
    if (!row) throw new Failure('user_not_found', 'User not found');
    return snapshotOf({ ...row });
  }

  /** The user of a token that was proven, `null` before their first contact. */
  async known(appId: AppId, externalId: string): Promise<UserSnapshot | null> {
    const row = await this.db.kysely
      .selectFrom('app_user')
      .selectAll()
      .where('app_id', '=', appId)
      .where('external_id', '=', externalId)
      .executeTakeFirst();
    return row ? snapshotOf({ ...row }) : null;
  }

  /**
   * The user of a token that was proven, made at their first contact. Of two first contacts at once one inserts, and the
   * other waits for it and finds the row: the statement is repeated until it sees one.
   */
  async welcome(appId: AppId, externalId: string): Promise<UserSnapshot> {
    for (;;) {
      const known = await this.known(appId, externalId);
      if (known) return known;
      await this.db.kysely
        .insertInto('app_user')
        .values({
          id: newId<UserId>(),
          app_id: appId,
          external_id: externalId,
          authenticated: true,
          signed_up_at: sql<Date>`clock_timestamp()`,
          created_at: sql<Date>`clock_timestamp()`,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
  }
}
