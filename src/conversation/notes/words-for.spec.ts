import { describe, expect, it } from '@jest/globals';
import { noteNames } from '../../configuration/index.js';
import { houseNotes } from './house-notes.js';
import { noteWordsFor } from './words-for.js';

const notes = {
  defaultLanguage: 'pt-BR',
  languages: { 'pt-BR': { ended: 'Acabou.' }, de: { ended: 'Schluss.' }, nl: {} },
};

const ended = (locale: string | null, appLocalizationEnabled = true): string =>
  noteWordsFor({ notes, appLocalizationEnabled }, locale).ended;

describe('the words of a note', () => {
  it.each([
    ['de', 'Schluss.'],
    ['de-AT', 'Schluss.'],
    ['pt_br', 'Acabou.'],
    ['fr-CA', houseNotes['fr']?.ended],
    ['nl', houseNotes['en']?.ended],
    // Nobody speaks it: the app's default.
    ['ja', 'Acabou.'],
    ['constructor', 'Acabou.'],
    [null, 'Acabou.'],
  ])('for %s are theirs', (locale, text) => {
    expect(ended(locale)).toBe(text);
  });

  it('are completed by the house in the same language', () => {
    expect(noteWordsFor({ notes, appLocalizationEnabled: true }, 'de').byEmail).toBe(houseNotes['de']?.byEmail);
  });

  it('are the default for everybody where an app is not localized', () => {
    expect(ended('de', false)).toBe('Acabou.');
  });

  it.each(Object.keys(houseNotes))('are all there in %s', (language) => {
    const words = Object.entries(houseNotes[language]!);
    expect(words.map(([name]) => name).sort()).toEqual([...noteNames].sort());
    expect(new Set(words.map(([, text]) => text)).size).toBe(words.length);
  });
});
