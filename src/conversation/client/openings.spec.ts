import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Failure, type AppId } from '../../kernel/index.js';
import type { Config } from '../../platform/config/index.js';
import { Metrics } from '../../platform/telemetry/index.js';
import { Openings } from './openings.js';

let now = 0;
beforeEach(() => {
  now = 1_000;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  jest.restoreAllMocks();
});

const app = 'a1' as AppId;
const limitedTo = (conversationsPerMinute: number): Openings =>
  new Openings({ conversationsPerMinute } as Config, new Metrics());

/** Seconds to wait; `null`: the conversation may be opened. */
function waits(openings: Openings, user = 'ann', appId = app): number | null {
  try {
    openings.count(appId, user);
    return null;
  } catch (error) {
    const { code, details } = error as Failure;
    expect(code).toBe('too_many_requests');
    return details.retryAfterSeconds ?? null;
  }
}
const opened = (openings: Openings, times: number, user?: string): number =>
  Array.from({ length: times }, () => waits(openings, user)).filter((one) => one === null).length;

describe('conversations that one end user opens', () => {
  it('are as many as the limit at once, then one for each part of the minute', () => {
    const openings = limitedTo(6);
    expect(opened(openings, 100)).toBe(6);
    expect(waits(openings)).toBeCloseTo(10);
    now += 10_001;
    expect(opened(openings, 100)).toBe(1);
    now += 600_000;
    expect(opened(openings, 100)).toBe(6);
  });

  it('take nothing from another end user, nor from the same name in another app', () => {
    const openings = limitedTo(1);
    expect(opened(openings, 5)).toBe(1);
    expect(waits(openings, 'ben')).toBeNull();
    expect(waits(openings, 'ann', 'a2' as AppId)).toBeNull();
  });

  it('have no limit where it is set to 0', () => {
    expect(opened(limitedTo(0), 10_000)).toBe(10_000);
  });

  it('are remembered of a bounded number of end users', () => {
    const openings = limitedTo(1);
    expect(opened(openings, 2)).toBe(1);
    for (let n = 0; n < 10_000; n++) waits(openings, `user ${n}`);
    expect(waits(openings)).toBeNull();
    expect(waits(openings, 'user 9999')).not.toBeNull();
  });
});
