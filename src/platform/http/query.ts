import { InvalidInput } from './invalid-input.js';
import { nearest, shown, unknownTitle } from './nearest.js';

/** A parsed query string: a key that was given twice is an array. */
export type Query = Readonly<Record<string, unknown>>;

/**
 * Reads `name[key]=value` pairs. Clients before 9.7.1 send the whole object as one JSON string, `name={"key":…}`; what
 * cannot be read of it is passed over (`docs/wire.md` 4).
 *
 * @throws InvalidInput with `title` when a key is given twice, or without a value.
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
    const given = query[`${name}[${key}]`];
    if (given === '') throw new InvalidInput([title]);
    const value = given ?? legacy[key];
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

/** Empty for what is no JSON object. */
export function legacyObject(value: unknown): Query {
  if (typeof value !== 'string') return {};
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Query) : {};
  } catch {
    return {};
  }
}

/**
 * A filter that takes several values, with a comma between them: `filter[status]=WAITING,ACTIVE`.
 *
 * @throws InvalidInput naming a value that is not among `allowed`, and the nearest that is
 */
export function severalOf<T extends string>(asked: string | undefined, allowed: readonly T[]): readonly T[] | null {
  if (asked === undefined) return null;
  return asked.split(',').map((value) => {
    const found = allowed.find((one) => one === value);
    if (found === undefined) throw new InvalidInput([unknownTitle(shown(value), nearest(value, allowed), allowed)]);
    return found;
  });
}
