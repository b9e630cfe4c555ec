import type { AppSettings, NoteWords } from '../../configuration/index.js';
import { wordsIn } from '../../kernel/index.js';
import { houseNotes } from './house-notes.js';

type Spoken = Pick<AppSettings, 'notes' | 'appLocalizationEnabled'>;

/**
 * What the platform says by itself to somebody with this locale: in their language where the app or the house has it, in
 * the app's default otherwise. What the app left out is said as the house says it.
 */
export function noteWordsFor({ notes, appLocalizationEnabled }: Spoken, locale: string | null): NoteWords {
  const { defaultLanguage, languages } = notes;
  const locales = appLocalizationEnabled ? [locale, defaultLanguage] : [defaultLanguage];
  return wordsIn<NoteWords>(locales, languages, houseNotes).words;
}
