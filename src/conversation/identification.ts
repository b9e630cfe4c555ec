import type { Identity, UserSnapshot } from './recorded.js';

/** What a token says of the end user whom it was made for. */
export interface Identification {
  readonly externalId: string;
  readonly name: string | null;
  readonly email: { readonly value: string; readonly verified: boolean } | null;
}

type Known = Pick<UserSnapshot, 'authenticated' | 'profile' | 'identities'>;

/**
 * A user who came with a token. The e-mail of the token is an identity; name and e-mail go into the profile where it has
 * none, for the business may have written better ones there.
 */
export function identified<User extends Known>(user: User, { name, email }: Identification): User {
  const { givenName, surname } = user.profile;
  const isNamed = givenName !== undefined || surname !== undefined;
  return {
    ...user,
    authenticated: true,
    profile: {
      ...(email !== null && { email: email.value }),
      ...(name !== null && !isNamed && partsOf(name)),
      ...user.profile,
    },
    identities: email === null ? user.identities : [identityOf(email)],
  };
}

export const isIdentified = (user: Known, by: Identification): boolean => {
  const { authenticated, profile, identities } = identified(user, by);
  return (
    authenticated === user.authenticated &&
    Object.keys(profile).length === Object.keys(user.profile).length &&
    identities.length === user.identities.length &&
    identities.every((identity, place) => isSame(identity, user.identities[place]))
  );
};

/** It fills something that was empty. Else all it can do is to put its e-mail in the place of another. */
export const addsTo = (user: Known, by: Identification): boolean => {
  const { profile, identities } = identified(user, by);
  return (
    !user.authenticated ||
    Object.keys(profile).length > Object.keys(user.profile).length ||
    identities.length > user.identities.length
  );
};

const identityOf = ({ value, verified }: NonNullable<Identification['email']>): Identity => ({
  type: 'email',
  value,
  verification: verified ? 'verified' : 'unverified',
});

const isSame = (one: Identity, other: Identity | undefined): boolean =>
  one.type === other?.type && one.value === other.value && one.verification === other.verification;

/** The first word is the given name, as most tokens have it. */
function partsOf(name: string): { readonly givenName: string; readonly surname?: string } {
  const [givenName = name, ...rest] = name.split(/\s+/u);
  return rest.length === 0 ? { givenName } : { givenName, surname: rest.join(' ') };
}
