import type { CsatForm, SurveyWords } from '../../configuration/index.js';
import { houseWords, type Words } from './house-words.js';

/**
 * The words for an end user: in their own language where the app or the house has it (`de-AT`, else `de`), in the app's
 * default otherwise. What the app left out is said as the house says it.
 */
export function wordsFor({ languages, defaultLanguage }: Spoken, locale: string | null): Words {
  const own = new Map(Object.entries(languages).map(([tag, words]) => [tag.toLowerCase(), { tag, words }]));
  for (const tag of [...tagsOf(locale), ...tagsOf(defaultLanguage)]) {
    const found = own.get(tag);
    if (found || Object.hasOwn(houseWords, tag)) return spoken(found?.tag ?? tag, found?.words ?? {});
  }
  return house('en');
}

type Spoken = Pick<CsatForm, 'languages' | 'defaultLanguage'>;

/** `zh-Hant-TW`, `zh-hant`, `zh`: from the exact to the general. Some write it with underscores. */
function tagsOf(locale: string | null): readonly string[] {
  const parts = (locale ?? '').toLowerCase().replaceAll('_', '-').split('-').filter(Boolean);
  return parts.map((_, place) => parts.slice(0, parts.length - place).join('-'));
}

function spoken(tag: string, words: SurveyWords): Words {
  const [language = 'en'] = tag.toLowerCase().split('-');
  return { ...house(language), ...words, locale: tag };
}

function house(language: string): Words {
  const words = houseWords[Object.hasOwn(houseWords, language) ? language : 'en'];
  if (!words) throw new Error('the house speaks English');
  return words;
}
