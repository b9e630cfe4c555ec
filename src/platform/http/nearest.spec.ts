import { describe, expect, it } from '@jest/globals';
import { nearest, unknownTitle } from './nearest.js';

const settings = ['endSessionEnabled', 'agentsCanEnd', 'onEnd', 'idle', 'reminders'];

describe('the word that was meant', () => {
  it.each([
    ['endSesionEnabled', 'endSessionEnabled'],
    ['endSessionEnable', 'endSessionEnabled'],
    ['EndSessionEnabled', 'endSessionEnabled'],
    ['endSessoinEnabled', 'endSessionEnabled'],
    ['onEdn', 'onEnd'],
    ['idel', 'idle'],
    ['reminder', 'reminders'],
    ['nonsense', null],
    ['', null],
    ['x'.repeat(100_000), null],
  ])('%.20s: %s', (word, meant) => {
    expect(nearest(word, settings)).toBe(meant);
  });

  it('is the nearest of several', () => {
    expect(nearest('statuss', ['states', 'status', 'statute'])).toBe('status');
  });
});

describe('what a caller is told of a word nobody knows', () => {
  it.each([
    ['status', 'filter[status]', [], "'status' is not known here: did you mean 'filter[status]'?"],
    ['x', null, ['page[size]', 'by'], "'x' is not known here: use page[size], by"],
    ['x', null, [], "'x' is not known here: nothing is read"],
    ['x', null, Array.from({ length: 20 }, (_, i) => `word${i}`), "'x' is not known here"],
  ])('%s, meant %s', (word, meant, known, title) => {
    expect(unknownTitle(word, meant, known)).toBe(title);
  });
});
