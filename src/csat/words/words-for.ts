import type { CsatForm } from '../../configuration/index.js';
import { wordsIn } from '../../kernel/index.js';
import { houseWords, type Words } from './house-words.js';

/**
 * The words for an end user: in their own language where the app or the house has it (`de-AT`, else `de`), in the app's
 * default otherwise. What the app left out is said as the house says it.
 */
export function wordsFor({ languages, defaultLanguage }: Spoken, locale: string | null): Words {
  const { tag, words } = wordsIn<Words>([locale, defaultLanguage], languages, houseWords);
  return { ...words, locale: tag };
}

type Spoken = Pick<CsatForm, 'languages' | 'defaultLanguage'>;
