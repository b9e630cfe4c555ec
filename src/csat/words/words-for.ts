import type { CsatForm } from '../../configuration/index.js';
import { byTag, languageOf, spokenTag } from '../../kernel/index.js';
import { houseWords, type Words } from './house-words.js';

/**
 * The words for an end user: in their own language where the app or the house has it (`de-AT`, else `de`), in the app's
 * default otherwise. What the app left out is said as the house says it.
 */
export function wordsFor({ languages, defaultLanguage }: Spoken, locale: string | null): Words {
  const own = byTag(languages);
  const speaks = (tag: string): boolean => own.has(tag) || Object.hasOwn(houseWords, tag);
  const tag = spokenTag([locale, defaultLanguage], speaks) ?? 'en';
  const found = own.get(tag);
  return { ...house(languageOf(tag)), ...found?.words, locale: found?.tag ?? tag };
}

type Spoken = Pick<CsatForm, 'languages' | 'defaultLanguage'>;

function house(language: string): Words {
  const words = houseWords[Object.hasOwn(houseWords, language) ? language : 'en'];
  if (!words) throw new Error('the house speaks English');
  return words;
}
