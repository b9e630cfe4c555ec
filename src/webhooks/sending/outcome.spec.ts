import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { judge, retryAfterMs, type Attempt } from './outcome.js';
import { housePolicy, type RetryPolicy } from './retry-policy.js';

const HOUR = 3_600_000;
const delaysMs = [0, 15_000, 60_000, 180_000, 420_000];
const windowMs = 15 * 60_000;
const answered = (status: number, retryAfter: number | null = null): Attempt => ({
  kind: 'answered',
  status,
  retryAfterMs: retryAfter,
});
const tries = (made: number, sinceFirstMs = 0, chance = 0) => ({ made, sinceFirstMs, delaysMs, windowMs, chance });
const chances = fc.double({ min: 0, max: 1, noNaN: true });

interface Answers {
  /** What the receiver asks for at each attempt; none: nothing. */
  readonly retryAfters?: readonly (number | null)[];
  readonly tookMs?: number;
  readonly chance?: number;
}

/** When the attempts of a delivery begin that is never taken. */
function attemptsAt(policy: RetryPolicy, { retryAfters = [], tookMs = 0, chance = 0 }: Answers = {}): number[] {
  const begun = [0];
  for (;;) {
    const made = begun.length;
    const sinceFirstMs = (begun.at(-1) ?? 0) + tookMs;
    const verdict = judge(answered(503, retryAfters[made - 1] ?? null), { ...policy, made, sinceFirstMs, chance });
    if (verdict.verdict !== 'retry') return begun;
    begun.push(sinceFirstMs + verdict.afterMs);
  }
}

/** A policy as the API takes it: the first wait is 0, the others a second or more, and all fit into the window. */
const policies = fc
  .tuple(fc.array(fc.integer({ min: 1_000, max: 24 * HOUR }), { maxLength: 12 }), fc.nat(HOUR))
  .map(([waits, room]): RetryPolicy => {
    const policy = [0, ...waits];
    return { delaysMs: policy, windowMs: Math.max(1_000, policy.reduce((sum, wait) => sum + wait, 0) + room) };
  });

describe('judging an attempt', () => {
  it.each([200, 201, 202, 204, 299])('%d is delivered', (status) => {
    expect(judge(answered(status), tries(1))).toEqual({ verdict: 'delivered' });
  });

  it.each([400, 401, 403, 404, 406])('%d is never tried again', (status) => {
    expect(judge(answered(status), tries(1))).toEqual({ verdict: 'buried', why: `status ${status}` });
  });

  it.each([100, 301, 302, 307, 402, 405, 408, 409, 410, 413, 429, 500, 502, 503, 504])(
    '%d is tried again',
    (status) => {
      expect(judge(answered(status), tries(1))).toMatchObject({ verdict: 'retry', afterMs: 15_000 });
    },
  );

  it.each<[Attempt, string]>([
    [{ kind: 'timeout' }, 'timeout'],
    [{ kind: 'failed', error: 'ECONNRESET' }, 'failed: ECONNRESET'],
    [{ kind: 'forbidden', error: 'private' }, 'forbidden: private'],
  ])('%o is tried again', (attempt, why) => {
    expect(judge(attempt, tries(2))).toEqual({ verdict: 'retry', afterMs: 60_000, why });
  });

  it('gives up after the fifth attempt', () => {
    expect(judge(answered(500), tries(4))).toMatchObject({ verdict: 'retry', afterMs: 420_000 });
    expect(judge(answered(500), tries(5))).toEqual({ verdict: 'buried', why: 'exhausted: status 500' });
  });

  it('waits as long as it is asked to, but not past the fifteen minutes', () => {
    expect(judge(answered(429, 200_000), tries(1))).toMatchObject({ afterMs: 200_000 });
    expect(judge(answered(429, 1_000), tries(1))).toMatchObject({ afterMs: 15_000 });
    expect(judge(answered(429, 9e9), tries(1, 100_000))).toMatchObject({ afterMs: windowMs - 100_000 });
    expect(judge(answered(429, 9e9), tries(3, windowMs))).toMatchObject({ verdict: 'buried' });
  });

  it('never makes more attempts than the schedule has waits, and none after the window, whatever a receiver asks for', () => {
    const asked = fc.array(fc.option(fc.nat(200 * HOUR)), { maxLength: 14 });
    fc.assert(
      fc.property(policies, asked, fc.nat(20_000), chances, (policy, retryAfters, tookMs, chance) => {
        const begun = attemptsAt(policy, { retryAfters, tookMs, chance });
        expect(begun.length).toBeLessThanOrEqual(policy.delaysMs.length);
        expect(begun.at(-1)).toBeLessThanOrEqual(policy.windowMs);
      }),
    );
  });

  it('keeps a schedule as it is set, each wait up to a tenth longer, also where it just fits into its window', () => {
    fc.assert(
      fc.property(policies, chances, (policy, chance) => {
        const begun = attemptsAt(policy, { chance });
        const waits = begun.map((at, n) => at - (begun[n - 1] ?? 0));
        expect(waits).toHaveLength(policy.delaysMs.length);
        for (const [n, wait] of waits.entries()) {
          // Times of days added up are good to a thousandth of a millisecond.
          expect(wait).toBeGreaterThanOrEqual(policy.delaysMs[n]! - 0.001);
          expect(wait).toBeLessThanOrEqual(policy.delaysMs[n]! * 1.1 + 0.001);
        }
      }),
    );
  });

  it('keeps a schedule of hours that is set for the house, at receivers that are slow too', () => {
    const timeoutMs = 20_000;
    for (const retryDelaysMs of [[0, HOUR, HOUR, HOUR], [0, 24 * HOUR, 24 * HOUR], delaysMs]) {
      const policy = housePolicy({ retryDelaysMs, timeoutMs });
      expect(attemptsAt(policy, { tookMs: timeoutMs, chance: 1 })).toHaveLength(retryDelaysMs.length);
    }
    expect(attemptsAt(housePolicy({ retryDelaysMs: [0, HOUR, HOUR, HOUR], timeoutMs }))).toEqual([
      0,
      HOUR,
      2 * HOUR,
      3 * HOUR,
    ]);
  });

  it('gives the house’s own five attempts fifteen minutes, as Sunshine Conversations does', () => {
    expect(housePolicy({ retryDelaysMs: delaysMs, timeoutMs: 20_000 })).toEqual({ delaysMs, windowMs });
  });

  it('reads Retry-After as seconds or as a date', () => {
    const now = Date.parse('2026-03-01T10:00:00Z');
    expect(retryAfterMs('120', now)).toBe(120_000);
    expect(retryAfterMs('Sun, 01 Mar 2026 10:00:30 GMT', now)).toBe(30_000);
    expect(retryAfterMs('Sun, 01 Mar 2026 09:00:00 GMT', now)).toBe(0);
    for (const nonsense of ['soon', '-', '']) expect(retryAfterMs(nonsense, now)).toBeNull();
    expect(retryAfterMs(null, now)).toBeNull();
  });
});
