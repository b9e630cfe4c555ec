import { describe, expect, it } from '@jest/globals';
import { array, assert, integer, property } from 'fast-check';
import { Bucket } from './bucket.js';

describe('a bucket', () => {
  it('gives what may be had at once, then one at a time as they come back', () => {
    const bucket = new Bucket({ atOnce: 2, perSecond: 4 }, 0);
    expect([bucket.take(0), bucket.take(0), bucket.take(0)]).toEqual([null, null, 0.25]);
    expect([bucket.take(250), bucket.take(250)]).toEqual([null, 0.25]);
  });

  it('is never fuller than it was made', () => {
    const bucket = new Bucket({ atOnce: 2, perSecond: 4 }, 0);
    expect([1, 2, 3].map(() => bucket.take(60_000))).toEqual([null, null, 0.25]);
  });

  it('gives no more in any time than may be had at once and what came back in it', () => {
    assert(
      property(array(integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200 }), (pauses) => {
        const bucket = new Bucket({ atOnce: 5, perSecond: 10 }, 0);
        let now = 0;
        let given = 0;
        for (const pause of pauses) {
          now += pause;
          if (bucket.take(now) === null) given += 1;
          expect(given).toBeLessThanOrEqual(5 + (now / 1_000) * 10 + 1e-6);
        }
      }),
    );
  });
});
