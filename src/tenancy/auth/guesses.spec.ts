import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Config } from '../../platform/config/index.js';
import { Metrics } from '../../platform/telemetry/index.js';
import { Guesses } from './guesses.js';

const lines: Readonly<Record<string, unknown>>[] = [];
let now = 0;

beforeEach(() => {
  Logger.overrideLogger({
    warn: (facts: never) => void lines.push(facts),
    log: () => undefined,
    error: () => undefined,
  });
  lines.length = 0;
  now = 1_000;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  jest.restoreAllMocks();
});

const limitedTo = (guessesPerMinute: number): Guesses => new Guesses({ guessesPerMinute } as Config, new Metrics());

const counted = (guesses: Guesses, times: number, ip: string) => {
  let last: number | null = null;
  for (let n = 0; n < times; n++) last = guesses.count(ip);
  return last;
};

describe('guesses at credentials', () => {
  it('are refused as ever up to the limit, then limited until the minute is over', () => {
    const guesses = limitedTo(5);
    expect(counted(guesses, 5, '192.0.2.1')).toBe(null);
    now += 20_000;
    expect(guesses.count('192.0.2.1')).toBe(40);
    now += 40_001;
    expect(guesses.count('192.0.2.1')).toBe(null);
  });

  it('are told as 401, and as 429 with the time to wait', () => {
    const guesses = limitedTo(1);
    expect(guesses.refusalOf('192.0.2.1')).toMatchObject({ code: 'unauthorized' });
    expect(guesses.refusalOf('192.0.2.1')).toMatchObject({
      code: 'too_many_requests',
      details: { retryAfterSeconds: 60 },
    });
  });

  it('of one address do not count for another', () => {
    const guesses = limitedTo(5);
    counted(guesses, 50, '192.0.2.1');
    expect(guesses.count('192.0.2.2')).toBe(null);
  });

  it('of one IPv6 network count together, and IPv4 written as IPv6 is the same address', () => {
    const guesses = limitedTo(2);
    expect(guesses.count('2001:db8:1:2::1')).toBe(null);
    expect(guesses.count('2001:db8:1:2:ffff::7')).toBe(null);
    expect(guesses.count('2001:db8:1:2::9')).toBe(60);
    expect(guesses.count('2001:db8:1:3::1')).toBe(null);
    counted(guesses, 2, '192.0.2.1');
    expect(guesses.count('::ffff:192.0.2.1')).toBe(60);
  });

  it('have no limit where it is set to 0', () => {
    expect(counted(limitedTo(0), 10_000, '192.0.2.1')).toBe(null);
  });

  it('are one line in the log for each address and minute, with the address', () => {
    const guesses = limitedTo(5);
    counted(guesses, 500, '192.0.2.1');
    counted(guesses, 500, '192.0.2.2');
    now += 61_000;
    counted(guesses, 500, '192.0.2.1');
    expect(lines.map(({ address }) => address)).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.1']);
  });

  it('are remembered of a bounded number of addresses', () => {
    const guesses = limitedTo(1);
    counted(guesses, 2, '192.0.2.1');
    for (let n = 0; n < 10_000; n++) guesses.count(`10.0.${n >> 8}.${n & 255}`);
    expect(guesses.count('192.0.2.1')).toBe(null);
    expect(guesses.count('10.0.39.15')).toBe(60);
  });
});
