import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Publishing } from './publishing.js';

describe('whether publishing stands still', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('is one question to the database for all probes of a second', async () => {
    const waiting = jest.fn(async () => ({ rows: 3, oldestSeconds: 60 }));
    const publishing = new Publishing();
    publishing.watch(waiting);
    jest.advanceTimersByTime(60_000);
    const answers = await Promise.all(Array.from({ length: 100 }, () => publishing.stall()));
    expect(answers.every((stall) => stall?.waiting === 3)).toBe(true);
    await publishing.stall();
    expect(waiting).toHaveBeenCalledTimes(1);
  });

  it('is over at the first acknowledgement, whatever was remembered', async () => {
    const publishing = new Publishing();
    publishing.watch(async () => ({ rows: 3, oldestSeconds: 60 }));
    jest.advanceTimersByTime(60_000);
    expect(await publishing.stall()).not.toBeNull();
    publishing.acknowledged();
    expect(await publishing.stall()).toBeNull();
  });
});
