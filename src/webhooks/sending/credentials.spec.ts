import { describe, expect, it } from '@jest/globals';
import { CredentialsKnown, isUnknownTo, type Secrets } from './credentials.js';
import type { Attempt } from './outcome.js';

const webhook = (secret: string, ...oldSecrets: string[]): Secrets => ({ secret, oldSecrets });
const keys = (known: CredentialsKnown, of: Secrets): string[] => known.of(of).map(({ apiKey }) => apiKey);

describe('what a receiver is shown of a webhook’s secrets', () => {
  it('is the one there is', () => {
    expect(new CredentialsKnown().of(webhook('new'))).toEqual([{ apiKey: 'new', signedBy: ['new'] }]);
  });

  it('is the oldest first while one replaces the other, and each signs every time, the shown one first', () => {
    expect(new CredentialsKnown().of(webhook('new', 'oldest', 'old'))).toEqual([
      { apiKey: 'oldest', signedBy: ['oldest', 'old', 'new'] },
      { apiKey: 'old', signedBy: ['old', 'oldest', 'new'] },
      { apiKey: 'new', signedBy: ['new', 'oldest', 'old'] },
    ]);
  });

  it('begins with what it took last, until that expires or is replaced in turn', () => {
    const known = new CredentialsKnown();
    const rotated = webhook('new', 'old');
    known.taken(rotated, known.of(rotated)[1]!);
    expect(keys(known, rotated)).toEqual(['new', 'old']);
    expect(keys(known, webhook('new'))).toEqual(['new']);
    expect(keys(known, webhook('newer', 'old', 'new'))).toEqual(['old', 'new', 'newer']);
  });

  it.each<[Attempt, boolean]>([
    [{ kind: 'answered', status: 401, retryAfterMs: null }, true],
    [{ kind: 'answered', status: 403, retryAfterMs: null }, true],
    [{ kind: 'answered', status: 404, retryAfterMs: null }, false],
    [{ kind: 'answered', status: 500, retryAfterMs: null }, false],
    [{ kind: 'timeout' }, false],
  ])('is tried with the next after %o: %s', (attempt, isTried) => {
    expect(isUnknownTo(attempt)).toBe(isTried);
  });
});
