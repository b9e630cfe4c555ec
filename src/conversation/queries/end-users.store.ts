import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Failure, parseId, type AppId, type UserId } from '../../kernel/index.js';
import { newId } from '../../platform/ids.js';
import { Db } from '../../platform/postgres/index.js';
import { snapshotOf } from '../commands/held.store.js';
import { Claims } from '../claims.js';
import { identified, type Identification } from '../identification.js';
import type { UserSnapshot } from '../recorded.js';
import { UserNews } from '../user-news.js';

/** How a body names an end user: by our id or by the business' own, exactly one of them. */
export interface UserReference {
  readonly userId?: string | undefined;
  readonly userExternalId?: string | undefined;
}

/** End users as conversations need them. Their profiles are the directory's. */
@Injectable()
export class EndUsers {
  readonly #claims = new Claims();
  /** Who is being identified: the others wait for it here, without a connection, and not for the row. */
  readonly #underWay = new Map<UserId, Promise<UserSnapshot | null>>();

  constructor(
    private readonly db: Db,
    private readonly news: UserNews,
  ) {}

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

  /**
   * The user of a token that was proven, `null` before their first contact. Whom the business made, or the token now says
   * more of, is identified by it.
   */
  async recognised(appId: AppId, by: Identification): Promise<UserSnapshot | null> {
    const known = await this.named(appId, by.externalId);
    return known === null ? null : this.identifiedOnce(appId, known, by);
  }

  /** One after another in this process: at a first visit many calls come at once, and all say the same. */
  private async identifiedOnce(appId: AppId, user: UserSnapshot, by: Identification): Promise<UserSnapshot | null> {
    let known: UserSnapshot | null = user;
    while (known !== null && this.#claims.areNews(known, by)) {
      const ahead: Promise<UserSnapshot | null> | undefined = this.#underWay.get(user.id);
      if (ahead === undefined) return this.identifyAlone(appId, known, by);
      known = await ahead.catch(() => user);
    }
    return known;
  }

  private async identifyAlone(appId: AppId, { id }: UserSnapshot, by: Identification): Promise<UserSnapshot | null> {
    const identifying = this.identify(appId, id, by);
    this.#underWay.set(id, identifying);
    try {
      const user = await identifying;
      this.#claims.wereWritten(id, by);
      return user;
    } finally {
      this.#underWay.delete(id);
    }
  }

  /**
   * The user of a token that was proven, made at their first contact. Of two first contacts at once one inserts, and the
   * other waits for it and finds the row: the statement is repeated until it sees one.
   */
  async welcome(appId: AppId, by: Identification): Promise<UserSnapshot> {
    for (;;) {
      const known = await this.recognised(appId, by);
      if (known) return known;
      const { authenticated, profile, identities } = identified(STRANGER, by);
      await this.db.kysely
        .insertInto('app_user')
        .values({
          id: newId<UserId>(),
          app_id: appId,
          external_id: by.externalId,
          authenticated,
          profile: JSON.stringify(profile),
          identities: JSON.stringify(identities),
          signed_up_at: sql<Date>`clock_timestamp()`,
          created_at: sql<Date>`clock_timestamp()`,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
  }

  private async named(appId: AppId, externalId: string): Promise<UserSnapshot | null> {
    const row = await this.db.kysely
      .selectFrom('app_user')
      .selectAll()
      .where('app_id', '=', appId)
      .where('external_id', '=', externalId)
      .executeTakeFirst();
    return row ? snapshotOf({ ...row }) : null;
  }

  /** `null`: deleted meanwhile. */
  private async identify(appId: AppId, id: UserId, by: Identification): Promise<UserSnapshot | null> {
    const { user, tell } = await this.db.transaction(async (tx) => {
      const row = await tx
        .selectFrom('app_user')
        .selectAll()
        .where('app_id', '=', appId)
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst();
      if (!row) return { user: null, tell: null };
      const before = snapshotOf({ ...row });
      if (!this.#claims.areNews(before, by)) return { user: before, tell: null };
      const after = identified(before, by);
      const told = Number(row.told) + 1;
      await tx
        .updateTable('app_user')
        .set({
          authenticated: after.authenticated,
          profile: JSON.stringify(after.profile),
          identities: JSON.stringify(after.identities),
          told,
        })
        .where('app_id', '=', appId)
        .where('id', '=', id)
        .execute();
      const reason = before.authenticated ? null : 'authentication';
      const change = { appId, type: 'userUpdated', user: after, told, reason, by: 'web' } as const;
      return { user: after, tell: await this.news.write(tx, change) };
    });
    tell?.();
    return user;
  }
}

/** Somebody of whom nothing is known yet. */
const STRANGER = { authenticated: false, profile: {}, identities: [] } as const;
