import { describe, expect, it } from '@jest/globals';
import { CredentialsKnown, countingOf, saysNo, type Secrets } from './credentials.js';
import type { Attempt } from './outcome.js';

const webhook = (secret: string, ...oldSecrets: string[]): Secrets => ({ secret, oldSecrets });
const answered = (status: number): Attempt => ({ kind: 'answered', status, retryAfterMs: null });
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
    ...[302, 400, 404, 405, 406, 410, 422].map((status): [Attempt, boolean] => [answered(status), true]),
    ...[200, 204, 408, 425, 429, 503].map((status): [Attempt, boolean] => [answered(status), false]),
    [{ kind: 'answered', status: 500, retryAfterMs: null }, false],
    [{ kind: 'timeout' }, false],
  ])('is tried with the next after %o: %s', (attempt, isTried) => {
    expect(saysNo(attempt)).toBe(isTried);
  });

  it.each<[readonly [number, ...number[]], number]>([
    [[401, 404], 404],
    [[404, 401], 404],
    [[403, 401], 403],
    [[404, 302], 302],
    [[405, 404, 401], 405],
  ])('counts of the noes %j the %d', ([first, ...others], counting) => {
    expect(countingOf([answered(first), ...others.map(answered)])).toEqual(answered(counting));
  });
});
