import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { ATTEMPT_WINDOW_MS, judge, retryAfterMs, type Attempt } from './outcome.js';

const delaysMs = [0, 15_000, 60_000, 180_000, 420_000];
const answered = (status: number, retryAfter: number | null = null): Attempt => ({
  kind: 'answered',
  status,
  retryAfterMs: retryAfter,
});
const tries = (made: number, sinceFirstMs = 0, chance = 0) => ({ made, sinceFirstMs, delaysMs, chance });

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
    expect(judge(answered(429, 9e9), tries(1, 100_000))).toMatchObject({ afterMs: ATTEMPT_WINDOW_MS - 100_000 });
    expect(judge(answered(429, 9e9), tries(3, ATTEMPT_WINDOW_MS))).toMatchObject({ verdict: 'buried' });
  });

  it('never makes more than five attempts in fifteen minutes, whatever the receiver asks for', () => {
    const asked = fc.array(fc.option(fc.nat(2_000_000)), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(asked, fc.double({ min: 0, max: 1, noNaN: true }), (retryAfters, chance) => {
        let at = 0;
        let made = 0;
        for (const retryAfter of retryAfters) {
          made += 1;
          const verdict = judge(answered(503, retryAfter), { made, sinceFirstMs: at, delaysMs, chance });
          if (verdict.verdict !== 'retry') break;
          at += verdict.afterMs;
        }
        expect(made).toBeLessThanOrEqual(5);
        expect(at).toBeLessThanOrEqual(ATTEMPT_WINDOW_MS);
      }),
    );
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
