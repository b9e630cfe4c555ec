/** By language tag, such as `de` or `pt-BR`. */
type ByLanguage<Words> = Readonly<Record<string, Words>>;

/**
 * What is said to somebody, and the tag of its language: in the first of these locales that the app or the house speaks,
 * from the exact to the general (`zh-Hant-TW`, `zh-hant`, `zh`), else in English. The app's own words come first, those
 * of the house in the same language stand behind them.
 */
export function wordsIn<Words extends object>(
  locales: readonly (string | null)[],
  own: ByLanguage<Partial<Words>>,
  house: ByLanguage<Words>,
): { readonly tag: string; readonly words: Words } {
  const ofApp = new Map(Object.entries(own).map(([tag, words]) => [tag.toLowerCase(), { tag, words }]));
  const speaks = (tag: string): boolean => ofApp.has(tag) || Object.hasOwn(house, tag);
  const tag = locales.flatMap(tagsOf).find(speaks) ?? ENGLISH;
  const [language = ENGLISH] = tag.split('-');
  const found = ofApp.get(tag);
  const behind = house[Object.hasOwn(house, language) ? language : ENGLISH];
  if (behind === undefined) throw new Error('the house speaks English');
  return { tag: found?.tag ?? tag, words: { ...behind, ...found?.words } };
}

const ENGLISH = 'en';

/** Some write locales with underscores. */
function tagsOf(locale: string | null): readonly string[] {
  const parts = (locale ?? '').toLowerCase().replaceAll('_', '-').split('-').filter(Boolean);
  return parts.map((_, place) => parts.slice(0, parts.length - place).join('-'));
}
