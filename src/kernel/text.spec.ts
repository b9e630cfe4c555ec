import { describe, expect, it } from '@jest/globals';
import { property, assert, string, integer } from 'fast-check';
import { cut, isWithin, lengthOf, lengthSaid, shortened } from './index.js';

describe('the length of a text', () => {
  it.each([
    ['', 0],
    ['Ana', 3],
    ['😀😀', 2],
    ['❤️', 2],
    ['é', 1],
    ['e\u0301', 2],
    ['👩‍👩‍👧', 5],
  ])('%j is %i characters', (text, length) => {
    expect(lengthOf(text)).toBe(length);
  });

  it('is within limits, is cut and is shortened by the same count, whatever the text', () => {
    const text = string({ unit: 'binary', maxLength: 40 });
    assert(
      property(text, integer({ min: 1, max: 30 }), (words, most) => {
        const length = [...words].length;
        expect(isWithin(words, { least: 0, most })).toBe(length <= most);
        expect(isWithin(words, { least: most, most: 50 })).toBe(length >= most);
        expect([...cut(words, most)]).toEqual([...words].slice(0, most));
        expect(lengthOf(shortened(words, most))).toBe(length < most ? length : most);
      }),
    );
  });

  it('is said with its unit', () => {
    expect([
      lengthSaid({ least: 1, most: 128 }),
      lengthSaid({ least: 0, most: 9 }),
      lengthSaid({ least: 24, most: 24 }),
    ]).toEqual([
      '1 to 128 characters (Unicode code points)',
      'at most 9 characters (Unicode code points)',
      'exactly 24 characters (Unicode code points)',
    ]);
  });
});
