import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Effects, EffectTimeout } from './effects.js';

describe('effects', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('hands on what an effect came to in time, and forgets it', async () => {
    const effects = new Effects(1_000);
    await expect(effects.within('one', async () => 'done')).resolves.toBe('done');
    await expect(effects.within('one', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect([effects.isUnsettled('one'), effects.oldestSince, jest.getTimerCount()]).toEqual([false, null, 0]);
  });

  it('waits no longer than the limit, says so to the effect, and shows it until it settles', async () => {
    const effects = new Effects(1_000);
    const since = new Date();
    const late = Promise.withResolvers<void>();
    let told: unknown = null;
    const waiting = effects.within('one', (signal) => {
      signal.addEventListener('abort', () => (told = signal.reason));
      return late.promise;
    });
    const refused = expect(waiting).rejects.toThrow(EffectTimeout);
    jest.advanceTimersByTime(1_000);
    await refused;
    expect(told).toBeInstanceOf(EffectTimeout);
    expect([effects.isUnsettled('one'), effects.isUnsettled('two'), effects.oldestSince]).toEqual([true, false, since]);
    late.reject(new Error('nobody waits for this'));
    await late.promise.catch(() => undefined);
    await Promise.resolve();
    expect([effects.isUnsettled('one'), effects.oldestSince]).toEqual([false, null]);
  });

  it('shows the oldest of several', async () => {
    const effects = new Effects(1_000);
    const first = Promise.withResolvers<void>();
    const since = new Date();
    const begun = effects.within('one', () => first.promise);
    jest.advanceTimersByTime(500);
    void effects.within(null, () => new Promise<void>(() => undefined)).catch(() => undefined);
    expect(effects.oldestSince).toEqual(since);
    first.resolve();
    await begun;
    expect(effects.oldestSince).toEqual(new Date(since.getTime() + 500));
  });
});
