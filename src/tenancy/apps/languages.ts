import { isWithin, lengthSaid } from '../../kernel/index.js';

export const LANGUAGE = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$/;
const MOST_LANGUAGES = 50;
const LIMITS = { least: 1, most: 500 };

/** What is asked of words by language, for a refusal. */
export const languagesSay = (names: readonly string[]): string =>
  `languages should be at most ${MOST_LANGUAGES} language tags, each with ${names.slice(0, -1).join(', ')} or ${names.at(-1)} of ${lengthSaid(LIMITS)}`;

/** Language tags with texts, none of them unknown: a misspelt one would never be shown. Absent is well. */
export function areLanguages(value: unknown, names: readonly string[]): boolean {
  if (!isRecord(value)) return true;
  const entries = Object.entries(value);
  return (
    entries.length <= MOST_LANGUAGES && entries.every(([tag, words]) => LANGUAGE.test(tag) && areWords(words, names))
  );
}

const areWords = (words: unknown, names: readonly string[]): boolean =>
  isRecord(words) && Object.entries(words).every(([name, text]) => names.includes(name) && isText(text));

const isText = (text: unknown): boolean => typeof text === 'string' && text.trim() !== '' && isWithin(text, LIMITS);

const isRecord = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
