import { describe, expect, it } from '@jest/globals';
import { scoresFrom, type Tally } from './scores.js';

const given = (subject: string | null, scale: Tally['scale'], counts: Readonly<Record<number, number>>): Tally[] =>
  Object.entries(counts).map(([score, count]) => ({ subject, scale, score: Number(score), count }));

describe('scores', () => {
  it('of stars: average, distribution and how many are satisfied', () => {
    expect(scoresFrom(given('mia', 'stars5', { 1: 1, 4: 1, 5: 1 }))).toEqual([
      {
        subject: 'mia',
        scale: 'stars5',
        count: 3,
        average: 3.33,
        distribution: { 1: 1, 2: 0, 3: 0, 4: 1, 5: 1 },
        percentSatisfied: 66.7,
        netPromoterScore: null,
      },
    ]);
  });

  it('of thumbs', () => {
    expect(scoresFrom(given(null, 'thumbs', { 0: 1, 1: 3 }))).toMatchObject([
      { subject: null, count: 4, average: 0.75, distribution: { 0: 1, 1: 3 }, percentSatisfied: 75 },
    ]);
  });

  it('of NPS: promoters less detractors, 7 and 8 being neither', () => {
    const [score] = scoresFrom(given('q', 'nps', { 0: 1, 6: 1, 7: 1, 8: 1, 9: 2, 10: 4 }));
    expect(score).toMatchObject({ count: 10, average: 7.9, percentSatisfied: 60, netPromoterScore: 40 });
    expect(Object.keys(score?.distribution ?? {})).toHaveLength(11);
  });

  it('keep subjects and scales apart', () => {
    const scores = scoresFrom([
      ...given('mia', 'stars5', { 5: 1 }),
      ...given('mia', 'thumbs', { 0: 1 }),
      ...given(null, 'stars5', { 1: 1 }),
    ]);
    expect(scores.map(({ subject, scale, average }) => [subject, scale, average])).toEqual([
      ['mia', 'stars5', 5],
      ['mia', 'thumbs', 0],
      [null, 'stars5', 1],
    ]);
    expect(scoresFrom([])).toEqual([]);
  });
});
