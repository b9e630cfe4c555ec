import { describe, expect, it } from '@jest/globals';
import { canReply, hasRoom, initialState, mayBeginAnother, MESSAGE_LIMIT } from './index.js';

const settings = { reopenWithinSeconds: null, multiConvoEnabled: false };
const holding = (messageCount: number) => ({ ...initialState, lifecycle: 'open' as const, messageCount });

describe('a conversation that is open', () => {
  it('has room, and takes words, up to its last message', () => {
    const standings = [0, MESSAGE_LIMIT - 1, MESSAGE_LIMIT, MESSAGE_LIMIT + 1].map(holding);
    expect(standings.map(hasRoom)).toEqual([true, true, false, false]);
    expect(standings.map((one) => canReply(one, settings, 1))).toEqual([true, true, false, false]);
  });

  it('lets its end user begin another exactly where they can write no more in it', () => {
    for (const one of [holding(0), holding(MESSAGE_LIMIT), { ...holding(0), lifecycle: 'closedToEndUser' as const }])
      expect(mayBeginAnother(one, settings, 1)).toBe(!canReply(one, settings, 1));
  });
});
