import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Failure, type AppId } from '../../kernel/index.js';
import type { IdempotencyKey, Once } from '../../ledger/index.js';
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
const limitedTo = (
  conversationsPerMinute: number,
  isAnswered: (key: IdempotencyKey) => boolean = () => false,
): Openings =>
  new Openings({ conversationsPerMinute } as Config, new Metrics(), {
    isAnswered: (key: IdempotencyKey) => Promise.resolve(isAnswered(key)),
  } as Once);
const keyed = (name: string): IdempotencyKey => ({ key: Buffer.from(name), fingerprint: Buffer.from('') });

/** Seconds to wait; `null`: the conversation may be opened. */
async function waits(
  openings: Openings,
  user = 'ann',
  appId = app,
  key: IdempotencyKey | null = null,
): Promise<number | null> {
  try {
    await openings.count(appId, user, key);
    return null;
  } catch (error) {
    const { code, details } = error as Failure;
    expect(code).toBe('too_many_requests');
    return details.retryAfterSeconds ?? null;
  }
}
async function opened(openings: Openings, times: number, user?: string): Promise<number> {
  const all = await Promise.all(Array.from({ length: times }, () => waits(openings, user)));
  return all.filter((one) => one === null).length;
}

describe('conversations that one end user opens', () => {
  it('are as many as the limit at once, then one for each part of the minute', async () => {
    const openings = limitedTo(6);
    expect(await opened(openings, 100)).toBe(6);
    expect(await waits(openings)).toBeCloseTo(10);
    now += 10_001;
    expect(await opened(openings, 100)).toBe(1);
    now += 600_000;
    expect(await opened(openings, 100)).toBe(6);
  });

  it('take nothing from another end user, nor from the same name in another app', async () => {
    const openings = limitedTo(1);
    expect(await opened(openings, 5)).toBe(1);
    expect(await waits(openings, 'ben')).toBeNull();
    expect(await waits(openings, 'ann', 'a2' as AppId)).toBeNull();
  });

  it('are counted once however often one is repeated under its key, while it is under way and when it is answered', async () => {
    const openings = limitedTo(2);
    const repeat = (name: string): Promise<number | null> => waits(openings, 'ann', app, keyed(name));
    expect(await Promise.all(Array.from({ length: 50 }, () => repeat('one')))).toEqual(Array(50).fill(null));
    expect(await repeat('two')).toBeNull();
    expect(await repeat('three')).not.toBeNull();
    expect([await repeat('one'), await repeat('two')]).toEqual([null, null]);
    expect(await repeat('three')).not.toBeNull();

    const elsewhere = limitedTo(1, ({ key }) => key.toString() === 'answered');
    for (let n = 0; n < 5; n++) expect(await waits(elsewhere, 'ann', app, keyed('answered'))).toBeNull();
    expect(await opened(elsewhere, 5)).toBe(1);
    expect(await waits(elsewhere, 'ann', app, keyed('answered'))).toBeNull();
  });

  it('have no limit where it is set to 0', async () => {
    expect(await opened(limitedTo(0), 10_000)).toBe(10_000);
  });

  it('are remembered of a bounded number of end users', async () => {
    const openings = limitedTo(1);
    expect(await opened(openings, 2)).toBe(1);
    for (let n = 0; n < 10_000; n++) await waits(openings, `user ${n}`);
    expect(await waits(openings)).toBeNull();
    expect(await waits(openings, 'user 9999')).not.toBeNull();
  });
});
