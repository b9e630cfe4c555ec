import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { cardsIn, withoutCards, type Group } from './cards.js';

describe('a card number in a text', () => {
  it.each([
    ['4111111111111111', '************1111'],
    ['my card: 4111 1111 1111 1111, thanks', 'my card: **** **** **** 1111, thanks'],
    ['4111-1111-1111-1111', '****-****-****-1111'],
    ['Amex 3782 822463 10005.', 'Amex **** ****** *0005.'],
    ['a short one 4222222222222', 'a short one *********2222'],
    ['５５５５５５５５５５５５４４４４', '************４４４４'],
    ['4111 1111 1111 1111 5x', '**** **** **** 1111 5x'],
    ['4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1', '* * * * * * * * * * * * 1 1 1 1'],
    ['row 12 4111 1111 1111 1111 and more', 'row 12 **** **** **** 1111 and more'],
    ['4111 1111 1111 1111 5555 5555 5555 4444', '**** **** **** 1111 **** **** **** 4444'],
    ['4111\u00a01111\u00a01111\u00a01111', '****\u00a0****\u00a0****\u00a01111'],
  ])('%j is told as %j', (text, masked) => {
    expect(withoutCards(text)).toBe(masked);
  });

  it.each([
    ['a number that no card can have', '4111111111111112'],
    ['a time in milliseconds', '1764334800005'],
    ['twenty digits', '41111111111111111111'],
    ['a number inside a word', 'id4111111111111111x'],
    ['an amount', '4111 EUR'],
    ['a number whose last digits are in a word', '4111 1111 1111 1111x'],
    ['a number whose first digits are in a word', 'x4111 1111 1111 1111'],
    ['lines of codes', '4111\n1111\n1111\n1111'],
  ])('%s stays as it is', (_what, text) => {
    expect(withoutCards(text)).toBe(text);
  });
});

it('masks every text of a message and nothing that programs read', () => {
  const card = '4111111111111111';
  const masked = '************1111';
  const action = { type: 'postback', text: card, payload: card };
  const item = { title: card, description: card, mediaUrl: `https://example.org/${card}`, actions: [action] };
  const field = { type: 'text', name: card, label: card, text: card, quotedMessageId: card };
  expect(withoutCards({ type: 'list', text: card, items: [item], fields: [field], n: 4111111111111111 })).toEqual({
    type: 'list',
    text: masked,
    items: [
      {
        title: masked,
        description: masked,
        mediaUrl: item.mediaUrl,
        actions: [{ type: 'postback', text: masked, payload: card }],
      },
    ],
    fields: [{ type: 'text', name: card, label: masked, text: masked, quotedMessageId: card }],
    n: 4111111111111111,
  });
});

describe('a long text', () => {
  const pieces = fc.constantFrom('4111', '1111', '5', '1', '4111111111111111', 'x', ' ', '-', '   ', '４');
  const length = 20_000;

  it('is looked at a bounded number of times a digit, however its digits are grouped', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('1', '41', '5555', '4'.repeat(40)), { minLength: 1 }), (groups) => {
        let looks = 0;
        const counted = Array.from({ length }, (_, n): Group => {
          const digits = groups[n % groups.length] ?? '';
          return {
            index: 0,
            goesOn: true,
            get digits() {
              looks += 1;
              return digits;
            },
          };
        });
        cardsIn(counted);
        // As many groups as a number has digits, at most.
        expect(looks).toBeLessThanOrEqual(19 * length);
      }),
      { numRuns: 20 },
    );
  });

  it('keeps its length and everything that is no digit', () => {
    fc.assert(
      fc.property(fc.array(pieces, { minLength: 1 }), (words) => {
        const text = words.join('').repeat(Math.ceil(length / words.join('').length));
        const masked = withoutCards(text);
        expect(masked).toHaveLength(text.length);
        expect(masked.replaceAll(/[0-9４*]/g, '#')).toBe(text.replaceAll(/[0-9４]/g, '#'));
      }),
      { numRuns: 20 },
    );
  });

  it('has every card in it masked, wherever it stands', () => {
    const card = '4111 1111 1111 1111, ';
    expect(withoutCards(card.repeat(4_000))).toBe('**** **** **** 1111, '.repeat(4_000));
    expect(withoutCards(`${'1'.repeat(80_000)} ${card}`)).toBe(`${'1'.repeat(80_000)} **** **** **** 1111, `);
    expect(withoutCards(`${'1x '.repeat(20_000)}${card}`)).toBe(`${'1x '.repeat(20_000)}**** **** **** 1111, `);
  });
});
