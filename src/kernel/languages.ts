/**
 * The first of these locales that somebody speaks, from the exact to the general: `zh-Hant-TW`, `zh-hant`, `zh`. Tags are
 * asked for in lower case; some write locales with underscores. `null`: none of them.
 */
export function spokenTag(locales: readonly (string | null)[], speaks: (tag: string) => boolean): string | null {
  return locales.flatMap(tagsOf).find(speaks) ?? null;
}

function tagsOf(locale: string | null): readonly string[] {
  const parts = (locale ?? '').toLowerCase().replaceAll('_', '-').split('-').filter(Boolean);
  return parts.map((_, place) => parts.slice(0, parts.length - place).join('-'));
}

/** Words by language tag, found whatever the case of the tag. */
export function byTag<Words>(
  languages: Readonly<Record<string, Words>>,
): ReadonlyMap<string, { readonly tag: string; readonly words: Words }> {
  return new Map(Object.entries(languages).map(([tag, words]) => [tag.toLowerCase(), { tag, words }]));
}

/** `de` of `de-AT`. */
export const languageOf = (tag: string): string => tag.toLowerCase().split('-')[0] ?? tag;
