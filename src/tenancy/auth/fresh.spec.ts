import { describe, expect, it } from '@jest/globals';
import { Fresh } from './fresh.js';

describe('what is held fresh', () => {
  it('stays at hand while it is used, however many others are asked for once', async () => {
    const read: string[] = [];
    const held = new Fresh<string>((id) => Promise.resolve((read.push(id), id)));
    await held.find('hot');
    for (let n = 0; n < 25_000; n += 1) {
      await held.find(`once-${n}`);
      if (n % 1_000 === 0) await held.find('hot');
    }
    expect(read.filter((id) => id === 'hot')).toEqual(['hot']);
  });
});
