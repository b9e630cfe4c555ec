import { describe, expect, it } from '@jest/globals';
import type { UserId } from '../kernel/index.js';
import { Claims } from './claims.js';
import { identified, type Identification } from './identification.js';
import type { UserSnapshot } from './recorded.js';

const HOUR_MS = 3_600_000;
const nobody = { id: 'u' as UserId, authenticated: false, profile: {}, identities: [] } as unknown as UserSnapshot;
const says = (value: string, name: string | null = null): Identification => ({
  externalId: 'ana',
  name,
  email: { value, verified: true },
});

/** A user and what a process knows of their claims; `comes` with a token, and answers whether that was written. */
function ana() {
  let now = 1;
  const claims = new Claims(() => now);
  let user = nobody;
  const comes = (by: Identification): boolean => {
    if (!claims.areNews(user, by)) return false;
    user = identified(user, by);
    claims.wereWritten(user.id, by);
    return true;
  };
  return {
    comes,
    email: () => user.identities[0]?.value,
    become: (next: UserSnapshot) => (user = next),
    pass: (ms: number) => (now += ms),
    claims,
  };
}

describe('claims of tokens', () => {
  it('that disagree are written once each; the last that was new stands', () => {
    const { comes, email } = ana();
    const calls = Array.from({ length: 4 }, () => [comes(says('desk@example.org')), comes(says('web@example.org'))]);
    expect(calls).toEqual([
      [true, true],
      [false, false],
      [false, false],
      [false, false],
    ]);
    expect(email()).toBe('web@example.org');
  });

  it('that stood before this process are not written again once another has taken their place', () => {
    const { comes, become } = ana();
    become(identified(nobody, says('desk@example.org')));
    expect([comes(says('desk@example.org')), comes(says('web@example.org'))]).toEqual([false, true]);
    expect(comes(says('desk@example.org'))).toBe(false);
  });

  it('stay known while they keep coming, and are new again after an hour without', () => {
    const { comes, email, pass } = ana();
    comes(says('desk@example.org'));
    comes(says('web@example.org'));
    for (let times = 0; times < 3; times += 1) {
      pass(HOUR_MS - 1);
      expect(comes(says('desk@example.org'))).toBe(false);
    }
    pass(HOUR_MS + 1);
    expect(comes(says('desk@example.org'))).toBe(true);
    expect(email()).toBe('desk@example.org');
  });

  it('fill what is missing whenever it is, such as a name that was erased', () => {
    const { comes, become } = ana();
    expect(comes(says('ana@example.org', 'Ana'))).toBe(true);
    become(nobody);
    expect(comes(says('ana@example.org', 'Ana'))).toBe(true);
    expect(comes(says('ana@example.org', 'Ana'))).toBe(false);
  });

  it('of one user say nothing of another', () => {
    const { comes, claims } = ana();
    comes(says('desk@example.org'));
    const other = { ...identified(nobody, says('web@example.org')), id: 'v' as UserId };
    expect(claims.areNews(other, says('desk@example.org'))).toBe(true);
  });
});
