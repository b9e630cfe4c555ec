import type { Identity, UserSnapshot } from '../conversation/index.js';
import type { AppId, IsoTime, Metadata, UserId } from '../kernel/index.js';

/** An end user as stored. */
export interface User {
  readonly id: UserId;
  readonly appId: AppId;
  readonly externalId: string | null;
  readonly authenticated: boolean;
  readonly signedUpAt: IsoTime;
  readonly toBeRetained: boolean;
  readonly profile: Profile;
  readonly metadata: Metadata;
  readonly identities: readonly Identity[];
  /** How often webhooks were told of a change. */
  readonly told: number;
}

export interface Profile {
  readonly givenName?: string;
  readonly surname?: string;
  readonly email?: string;
  readonly avatarUrl?: string;
  readonly locale?: string;
}

/** In a body: `null` removes a field. */
export type ProfilePatch = { readonly [Field in keyof Profile]?: Profile[Field] | null };

export function patchedProfile(profile: Profile, patch: ProfilePatch = {}): Profile {
  return Object.fromEntries(Object.entries({ ...profile, ...patch }).filter(([, value]) => value !== null)) as Profile;
}

/** A user as the API tells it (`docs/wire.md` 7). */
export function userView(user: User) {
  const { id, externalId, authenticated, signedUpAt, toBeRetained, profile, metadata, identities } = user;
  return {
    id,
    authenticated,
    ...(externalId !== null && { externalId }),
    signedUpAt,
    toBeRetained,
    profile,
    metadata,
    identities,
  };
}

/** As webhooks are told of them. */
export const snapshotOf = ({ profile, ...user }: User): UserSnapshot => ({ ...user, profile: { ...profile } });

export type UserView = ReturnType<typeof userView>;
