import { describe, expect, it } from '@jest/globals';
import { identified, isIdentified, type Identification } from './identification.js';
import type { Identity } from './recorded.js';

const nobody = { authenticated: false, profile: {}, identities: [] as readonly Identity[] };
const token: Identification = {
  externalId: 'ana',
  name: 'Ana Maria Lima',
  email: { value: 'Ana@example.org', verified: true },
};
const bare: Identification = { externalId: 'ana', name: null, email: null };

describe('a user who comes with a token', () => {
  it('is authenticated, and has the name and the e-mail of it', () => {
    expect(identified(nobody, token)).toEqual({
      authenticated: true,
      profile: { email: 'Ana@example.org', givenName: 'Ana', surname: 'Maria Lima' },
      identities: [{ type: 'email', value: 'Ana@example.org', verification: 'verified' }],
    });
    expect(identified(nobody, bare)).toEqual({ ...nobody, authenticated: true });
    expect(identified(nobody, { ...bare, name: 'Ana' }).profile).toEqual({ givenName: 'Ana' });
  });

  it('keeps what the business wrote, and is connected by the e-mail of the token all the same', () => {
    const profile = { surname: 'Silva', email: 'office@example.org' };
    const { identities, ...user } = identified(
      { ...nobody, profile },
      { ...token, email: { value: 'a@b.c', verified: false } },
    );
    expect(user.profile).toEqual(profile);
    expect(identities).toEqual([{ type: 'email', value: 'a@b.c', verification: 'unverified' }]);
  });

  it('changes only when the token says something new', () => {
    const known = identified(nobody, token);
    expect(isIdentified(nobody, bare)).toBe(false);
    expect(isIdentified(known, token)).toBe(true);
    expect(isIdentified(known, bare)).toBe(true);
    expect(isIdentified(known, { ...token, name: 'Another' })).toBe(true);
    expect(isIdentified(known, { ...token, email: { value: 'Ana@example.org', verified: false } })).toBe(false);
    expect(isIdentified({ ...known, profile: {} }, token)).toBe(false);
  });
});
