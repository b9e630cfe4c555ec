import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import { InvalidInput } from './invalid-input.js';
import { nearest, shown, unknownTitle } from './nearest.js';
import { legacyObject, type Query } from './query.js';

const TAKES = 'switchboard:takes';

/** What a route of ours reads of its query. */
interface Takes {
  /** Of `filter[…]`. */
  readonly filter?: readonly string[];
  /** `page[after]`, `page[before]` and `page[size]`. */
  readonly page?: boolean;
  /** Words without brackets. */
  readonly words?: readonly string[];
}

const PAGE = ['after', 'before', 'size'];

/** Says what a route of ours reads of its query; without it, it reads nothing. Anything else is 400 (ADR 0047). */
export const TakesQuery = (takes: Takes): CustomDecorator => SetMetadata(TAKES, takes);

/** @throws InvalidInput naming each word that the handler does not read, and the one that was probably meant */
export function refuseUnknownQuery(query: Query, handler: object): void {
  const given = Object.keys(query);
  if (given.length === 0) return;
  const known = namesOf((Reflect.getMetadata(TAKES, handler) ?? {}) as Takes);
  const unknown = given.flatMap((name) => readAs(name, query)).filter((name) => !known.has(name));
  if (unknown.length > 0) throw InvalidInput.of(unknown.slice(0, MOST_NAMES).map((name) => titleOf(name, known)));
}

const MOST_NAMES = 20;

/** Full names, and by which last name they are recognised. */
function namesOf({ filter = [], page = false, words = [] }: Takes): ReadonlyMap<string, string> {
  return new Map([
    ...filter.map((name) => [`filter[${name}]`, name] as const),
    ...(page ? PAGE : []).map((name) => [`page[${name}]`, name] as const),
    ...words.map((name) => [name, name] as const),
  ]);
}

/** Old clients send all of a filter or a page as one JSON object (`query.ts`). */
function readAs(name: string, query: Query): readonly string[] {
  if (name !== 'filter' && name !== 'page') return [name];
  const inside = Object.keys(legacyObject(query[name]));
  return inside.length === 0 ? [name] : inside.map((key) => `${name}[${key}]`);
}

function titleOf(name: string, known: ReadonlyMap<string, string>): string {
  const word = /\[(.*)\]$/.exec(name)?.[1] ?? name;
  const near = nearest(word, known.values());
  const meant = [...known].find(([, last]) => last === near)?.[0] ?? nearest(name, known.keys());
  return unknownTitle(shown(name), meant, [...known.keys()]);
}
