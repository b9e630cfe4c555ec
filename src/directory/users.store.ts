import { Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { parseId, type AppId, type Metadata, type UserId } from '../kernel/index.js';
import { databaseNow } from '../platform/clock/index.js';
import { isoTime } from '../platform/clock/index.js';

import { Db, type Tables, type Tx } from '../platform/postgres/index.js';
import { readableUser, type Reader } from '../reading/index.js';
import type { Profile, User } from './user.js';

type On = Tx | Db['kysely'];

/** More users than share one address in good faith. */
const MOST_FOUND = 100;

@Injectable()
export class UsersStore {
  constructor(private readonly db: Db) {}

  /** `null`: the app has a user with this external id. Without `signedUpAt`: now. */
  async insert(
    tx: Tx,
    user: Omit<User, 'signedUpAt' | 'told'> & { readonly signedUpAt: string | null },
  ): Promise<User | null> {
    const now = await databaseNow(tx);
    const row = await tx
      .insertInto('app_user')
      .values({
        id: user.id,
        app_id: user.appId,
        external_id: user.externalId,
        authenticated: user.authenticated,
        signed_up_at: user.signedUpAt ?? now,
        to_be_retained: user.toBeRetained,
        profile: JSON.stringify(user.profile),
        metadata: JSON.stringify(user.metadata),
        identities: JSON.stringify(user.identities),
        created_at: now,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst();
    return row === undefined ? null : userOf(row);
  }

  /** By our id, else by the business' own, which may look like one of ours. */
  async find(appId: AppId, idOrExternalId: string, on: On = this.db.kysely): Promise<User | null> {
    const id = parseId<UserId>(idOrExternalId);
    const rows = await on
      .selectFrom('app_user')
      .selectAll()
      .where('app_id', '=', appId)
      .where((user) =>
        user.or([user('external_id', '=', idOrExternalId), ...(id === null ? [] : [user('id', '=', id as string)])]),
      )
      .execute();
    const row = rows.find((one) => one.id === id) ?? rows[0];
    return row === undefined ? null : userOf(row);
  }

  /** Those whom this address is an identity of. Oldest first; addresses are compared without regard to case. */
  async withEmail(appId: AppId, email: string, reader: Reader | null): Promise<User[]> {
    const rows = await this.db.kysely
      .selectFrom('app_user')
      .selectAll()
      .where('app_id', '=', appId)
      .where('email', '=', email.toLowerCase())
      .where(readableUser(appId, reader, 'app_user'))
      .orderBy('id')
      .limit(MOST_FOUND)
      .execute();
    return rows.map(userOf);
  }

  /** The user, locked: a change waits for others, and whoever opens a conversation waits for it. */
  async lock(tx: Tx, appId: AppId, id: UserId): Promise<User | null> {
    const row = await tx
      .selectFrom('app_user')
      .selectAll()
      .where('app_id', '=', appId)
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    return row === undefined ? null : userOf(row);
  }

  async update(tx: Tx, user: User): Promise<void> {
    await tx
      .updateTable('app_user')
      .set({
        signed_up_at: new Date(user.signedUpAt),
        to_be_retained: user.toBeRetained,
        profile: JSON.stringify(user.profile),
        metadata: JSON.stringify(user.metadata),
        identities: JSON.stringify(user.identities),
        told: user.told,
      })
      .where('app_id', '=', user.appId)
      .where('id', '=', user.id)
      .execute();
  }
}

function userOf(row: Selectable<Tables['app_user']>): User {
  return {
    id: row.id as UserId,
    appId: row.app_id as AppId,
    externalId: row.external_id,
    authenticated: row.authenticated,
    signedUpAt: isoTime(row.signed_up_at),
    toBeRetained: row.to_be_retained,
    profile: row.profile as Profile,
    metadata: row.metadata as Metadata,
    identities: row.identities as User['identities'],
    told: Number(row.told),
  };
}
