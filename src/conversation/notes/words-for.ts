import type { AppSettings, NoteWords } from '../../configuration/index.js';
import { byTag, languageOf, spokenTag } from '../../kernel/index.js';
import { houseNotes } from './house-notes.js';

type Spoken = Pick<AppSettings, 'notes' | 'appLocalizationEnabled'>;

/**
 * What the platform says by itself to somebody with this locale: in their language where the app or the house has it, in
 * the app's default otherwise. What the app left out is said as the house says it.
 */
export function noteWordsFor({ notes, appLocalizationEnabled }: Spoken, locale: string | null): NoteWords {
  const own = byTag(notes.languages);
  const wanted = appLocalizationEnabled ? [locale, notes.defaultLanguage] : [notes.defaultLanguage];
  const tag = spokenTag(wanted, (one) => own.has(one) || Object.hasOwn(houseNotes, one)) ?? 'en';
  return { ...house(languageOf(tag)), ...own.get(tag)?.words };
}

function house(language: string): NoteWords {
  const words = houseNotes[Object.hasOwn(houseNotes, language) ? language : 'en'];
  if (!words) throw new Error('the house speaks English');
  return words;
}
