import { describe, expect, it } from '@jest/globals';
import { scoresOf } from '../../conversation/core/index.js';
import { houseWords, labelOf } from './house-words.js';
import { wordsFor } from './words-for.js';

const languages = {
  'pt-BR': { question: 'Tudo bem?' },
  de: { question: 'War es gut?', thanks: 'Danke!' },
  nl: { submit: 'Ja' },
};

describe('the words of a survey', () => {
  it.each([
    ['de', 'de', 'War es gut?'],
    ['de-AT', 'de', 'War es gut?'],
    ['de_AT', 'de', 'War es gut?'],
    ['PT-br', 'pt-BR', 'Tudo bem?'],
    ['pt-PT', 'pt', houseWords['pt']?.question],
    ['fr-CA', 'fr', houseWords['fr']?.question],
    ['nl-BE', 'nl', houseWords['en']?.question],
    // Nobody speaks it: the app's default.
    ['ja', 'pt-BR', 'Tudo bem?'],
    ['constructor', 'pt-BR', 'Tudo bem?'],
    [null, 'pt-BR', 'Tudo bem?'],
    ['', 'pt-BR', 'Tudo bem?'],
  ])('for %s are those of %s', (locale, spoken, question) => {
    expect(wordsFor({ languages, defaultLanguage: 'pt-BR' }, locale)).toMatchObject({ locale: spoken, question });
  });

  it('are completed by the house in the same language', () => {
    expect(wordsFor({ languages, defaultLanguage: 'pt-BR' }, 'de')).toEqual({
      ...houseWords['de'],
      question: 'War es gut?',
      thanks: 'Danke!',
    });
    expect(wordsFor({ languages: {}, defaultLanguage: 'en' }, null)).toEqual(houseWords['en']);
  });

  it('are English where the default is spoken by nobody either', () => {
    expect(wordsFor({ languages, defaultLanguage: 'ja' }, 'ko')).toEqual(houseWords['en']);
  });

  it.each(['stars5', 'thumbs', 'nps'] as const)('name every score of %s apart, in at most 128 characters', (scale) => {
    for (const words of Object.values(houseWords)) {
      const labels = scoresOf(scale).map((score) => labelOf(scale, score, words));
      expect(new Set(labels).size).toBe(labels.length);
      expect(Math.max(...labels.map(({ length }) => length))).toBeLessThanOrEqual(128);
    }
  });
});
