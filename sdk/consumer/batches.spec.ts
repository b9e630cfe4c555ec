import { describe, expect, it } from '@jest/globals';
import { Batches } from './batches.js';

describe('batches', () => {
  it('takes a lone one at once, and together what came while it was under way', async () => {
    const seen: number[][] = [];
    let goOn: () => void = () => undefined;
    const batches = new Batches<number>(10, async (items) => {
      seen.push([...items]);
      if (seen.length === 1) await new Promise<void>((resolve) => (goOn = resolve));
    });
    await batches.add(1);
    while (seen.length === 0) await new Promise((resolve) => setImmediate(resolve));
    for (const item of [2, 3, 4]) await batches.add(item);
    goOn();
    await batches.idle();
    expect(seen).toEqual([[1], [2, 3, 4]]);
  });

  it('makes callers wait when it is full, and loses nobody', async () => {
    const seen: number[] = [];
    const batches = new Batches<number>(3, async (items) => {
      expect(items.length).toBeLessThanOrEqual(3);
      seen.push(...items);
      await new Promise((resolve) => setImmediate(resolve));
    });
    for (let item = 0; item < 20; item++) await batches.add(item);
    await batches.idle();
    expect(seen).toEqual(Array.from({ length: 20 }, (_, item) => item));
  });
});
