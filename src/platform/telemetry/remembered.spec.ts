import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { remembered } from './remembered.js';

describe('what probes and scrapes ask of the database', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('is asked once for all who ask at the same time, however long the answer takes', async () => {
    const answer = Promise.withResolvers<number>();
    const ask = jest.fn(() => answer.promise);
    const read = remembered(ask);
    const first = read();
    jest.advanceTimersByTime(60_000);
    const others = Array.from({ length: 50 }, () => read());
    answer.resolve(7);
    expect(await Promise.all([first, ...others])).toEqual(Array.from({ length: 51 }, () => 7));
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('holds for a second from its answer, and no longer', async () => {
    let asked = 0;
    const read = remembered(async () => (asked += 1));
    expect(await read()).toBe(1);
    jest.advanceTimersByTime(999);
    expect(await read()).toBe(1);
    jest.advanceTimersByTime(1);
    expect(await read()).toBe(2);
  });

  it('is not asked again within the second by those who come behind a failure', async () => {
    const ask = jest.fn(async () => {
      throw new Error('away');
    });
    const read = remembered(ask);
    await expect(read()).rejects.toThrow('away');
    await expect(read()).rejects.toThrow('away');
    expect(ask).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(1_000);
    await expect(read()).rejects.toThrow('away');
    expect(ask).toHaveBeenCalledTimes(2);
  });
});
