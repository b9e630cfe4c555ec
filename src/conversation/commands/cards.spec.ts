import { describe, expect, it } from '@jest/globals';
import { withoutCards } from './cards.js';

describe('a card number in a text', () => {
  it.each([
    ['4111111111111111', '************1111'],
    ['my card: 4111 1111 1111 1111, thanks', 'my card: **** **** **** 1111, thanks'],
    ['4111-1111-1111-1111', '****-****-****-1111'],
    ['Amex 3782 822463 10005.', 'Amex **** ****** *0005.'],
    ['a short one 4222222222222', 'a short one *********2222'],
    ['５５５５５５５５５５５５４４４４', '************４４４４'],
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
