import { describe, expect, it } from '@jest/globals';
import { bot, keyOf, mia } from './floor.spec-kit.js';
import { asks, passes, says, takes, Told, writes } from './told.spec-kit.js';

describe('a bot that hands over to people', () => {
  const waiting = Told.of().given(writes(), passes(keyOf(bot), 'workspace'));

  it('says its parting word while its end user waits, also while somebody is asked', () => {
    for (const told of [waiting, waiting.given(asks(mia))]) {
      expect(told.when(says(keyOf(bot))).last('messageSent')).toMatchObject({ parting: true, sender: bot.id });
    }
  });

  it('is silent once one of them has taken the session', () => {
    expect(waiting.given(...takes(mia)).when(says(keyOf(bot))).refusal).toBe('notInControl');
  });
});
