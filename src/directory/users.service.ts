import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { UserNews, type Errand } from '../conversation/index.js';
import {
  Failure,
  limitedMetadata,
  mergedMetadata,
  type AppId,
  type MetadataPatch,
  type UserId,
} from '../kernel/index.js';
import { PersonErasure } from '../erasure/index.js';
import { Once, type IdempotencyKey } from '../ledger/index.js';
import { newId } from '../platform/ids.js';
import type { Reader } from '../reading/index.js';
import { Db } from '../platform/postgres/index.js';
import { patchedProfile, snapshotOf, userView, type ProfilePatch, type User, type UserView } from './user.js';
import { UserRemoval } from './user-removal.js';
import { UserStanding } from './user-standing.js';
import { UsersStore } from './users.store.js';

export interface UserPatch {
  /** ISO 8601. */
  readonly signedUpAt?: string;
  readonly toBeRetained?: boolean;
  readonly profile?: ProfilePatch;
  readonly metadata?: MetadataPatch | null;
}

/** End users (`docs/wire.md` 6.5). */
@Injectable()
export class UsersService {
  constructor(
    private readonly db: Db,
    private readonly users: UsersStore,
    private readonly once: Once,
    private readonly removal: UserRemoval,
    private readonly standing: UserStanding,
    private readonly erasure: PersonErasure,
    private readonly news: UserNews,
  ) {}

  create(
    appId: AppId,
    { externalId, ...fields }: UserPatch & { readonly externalId?: string },
    idempotency: IdempotencyKey | null,
  ): Promise<UserView> {
    const id = newId<UserId>();
    return this.once.run(idempotency, { secret: false, about: id }, async (tx) => {
      const user = await this.users.insert(tx, {
        id,
        appId,
        externalId: externalId ?? null,
        authenticated: false,
        signedUpAt: fields.signedUpAt ?? null,
        toBeRetained: fields.toBeRetained ?? false,
        profile: patchedProfile({}, fields.profile),
        metadata: limitedMetadata('User', mergedMetadata({}, fields.metadata)),
        identities: [],
      });
      if (user === null) throw new Failure('conflict', 'User already exists');
      return userView(user);
    });
  }

  /** Those that `reader` may read. */
  async withEmail(appId: AppId, email: string, reader: Reader | null): Promise<UserView[]> {
    return (await this.users.withEmail(appId, email, reader)).map(userView);
  }

  async get(appId: AppId, idOrExternalId: string): Promise<UserView> {
    return userView(await this.find(appId, idOrExternalId));
  }

  /** @throws Failure `user_not_found` */
  async find(appId: AppId, idOrExternalId: string): Promise<User> {
    const user = await this.users.find(appId, idOrExternalId);
    if (user === null) throw userNotFound();
    return user;
  }

  /** Merges: what is not named keeps its value, `null` removes it. */
  patch(appId: AppId, idOrExternalId: string, patch: UserPatch): Promise<UserView> {
    return this.change(appId, idOrExternalId, (user) => ({
      ...user,
      ...(patch.signedUpAt !== undefined && { signedUpAt: new Date(patch.signedUpAt).toISOString() }),
      ...(patch.toBeRetained !== undefined && { toBeRetained: patch.toBeRetained }),
      profile: patchedProfile(user.profile, patch.profile),
      metadata: limitedMetadata('User', mergedMetadata(user.metadata, patch.metadata)),
    }));
  }

  /**
   * Names, addresses and custom properties go, from every copy; the user and their conversations stay. Cut short, the
   * next attempt finishes it.
   */
  async erasePersonalInformation(appId: AppId, idOrExternalId: string, by: Errand['by']): Promise<UserView> {
    await this.standing.require(await this.find(appId, idOrExternalId), by);
    const user = await this.change(appId, idOrExternalId, (known) => ({
      ...known,
      profile: {},
      metadata: {},
      identities: [],
    }));
    const person = { appId, userId: user.id, wholly: false };
    const conversations = await this.erasure.conversations(user.id);
    for (const id of conversations) await this.erasure.eraseIn(person, [id]);
    if (conversations.length === 0) await this.erasure.eraseIn(person, []);
    return user;
  }

  async remove(appId: AppId, idOrExternalId: string, by: Errand['by']): Promise<void> {
    const user = await this.find(appId, idOrExternalId);
    await this.standing.require(user, by);
    await this.removal.remove(user, by);
  }

  /** What changes nothing is told to nobody. */
  private async change(appId: AppId, idOrExternalId: string, changed: (user: User) => User): Promise<UserView> {
    const { id } = await this.find(appId, idOrExternalId);
    const { view, tell } = await this.db.transaction(async (tx) => {
      const user = await this.users.lock(tx, appId, id);
      if (user === null) throw userNotFound();
      const next = changed(user);
      if (isDeepStrictEqual(next, user)) return { view: userView(user), tell: null };
      const told = user.told + 1;
      await this.users.update(tx, { ...next, told });
      const change = { appId, type: 'userUpdated', user: snapshotOf(next), told, reason: null, by: 'api' } as const;
      return { view: userView(next), tell: await this.news.write(tx, change) };
    });
    tell?.();
    return view;
  }
}

function userNotFound(): Failure {
  return new Failure('user_not_found', 'User not found');
}
