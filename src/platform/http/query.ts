import { InvalidInput } from './invalid-input.js';

/** A parsed query string: a key that was given twice is an array. */
export type Query = Readonly<Record<string, unknown>>;

/**
 * Reads `name[key]=value` pairs. Clients before 9.7.1 send the whole object as one JSON string, `name={"key":…}`; what
 * cannot be read of it is passed over (`sunco.md` 4).
 *
 * @throws InvalidInput with `title` when a key is given twice.
 */
export function bracketed<Key extends string>(
  query: Query,
  name: string,
  keys: readonly Key[],
  title: string,
): Partial<Record<Key, string>> {
  const legacy = legacyObject(query[name]);
  const found: Partial<Record<Key, string>> = {};
  for (const key of keys) {
    const value = query[`${name}[${key}]`] ?? legacy[key];
    if (value === undefined || value === null || value === '') continue;
    if (typeof value !== 'string' && typeof value !== 'number') throw new InvalidInput([title]);
    found[key] = String(value);
  }
  return found;
}

/**
 * Reads `filter[key]` for the keys a route knows.
 *
 * @throws InvalidInput "Invalid query parameters" when one is given twice.
 */
export function filterOf<Key extends string>(query: Query, keys: readonly Key[]): Partial<Record<Key, string>> {
  return bracketed(query, 'filter', keys, 'Invalid query parameters');
}

function legacyObject(value: unknown): Query {
  if (typeof value !== 'string') return {};
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Query) : {};
  } catch {
    return {};
  }
}
