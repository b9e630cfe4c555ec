import 'reflect-metadata';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage } from 'class-validator';
import { nearest, shown, unknownTitle } from './nearest.js';

type Dto = abstract new () => object;

/** What stands in one field: nothing further, or an object of the class that its value chooses. */
type Nested = ((value: object) => Dto) | null;

/** A body can have thousands of names that nobody knows; the first few help. */
const MOST_NAMES = 20;
const DEEPEST = 8;

const refusing = new WeakSet<Dto>();

/**
 * On a class whose words are ours although it is part of a body of the public API: a word it does not know is refused,
 * there and below, and so is a word of its own that stands beside it (ADR 0047).
 */
export const RefusesUnknown = (): ClassDecorator => (target) => void refusing.add(target as unknown as Dto);

/**
 * The names in a body that its class does not know and may not pass over, one title each. `ours`: all of the body is; else
 * only what `RefusesUnknown` marks.
 */
export function unknownNames(dto: Dto, body: unknown, ours: boolean): readonly string[] {
  const titles: string[] = [];
  if (fieldsOf(dto).size === 0) return titles;
  const placed = placesOf(dto, ours);
  const walk = (at: Dto, value: object, path: string, strict: boolean): void => {
    const fields = fieldsOf(at);
    for (const [name, item] of Object.entries(value)) {
      if (titles.length === MOST_NAMES) return;
      const nested = fields.get(name);
      if (nested !== undefined) descend(nested, item, `${path}${name}`, strict);
      else if (strict || placed.has(name)) titles.push(titleOf(name, path, fields, placed));
    }
  };
  const descend = (nested: Nested, value: unknown, path: string, strict: boolean): void => {
    if (nested === null || typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) return value.forEach((item, at) => descend(nested, item, `${path}.${at}`, strict));
    const below = nested(value);
    walk(below, value, `${path}.`, strict || refusing.has(below));
  };
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) walk(dto, body, '', ours);
  return titles;
}

function titleOf(
  name: string,
  path: string,
  fields: ReadonlyMap<string, Nested>,
  placed: ReadonlyMap<string, string>,
): string {
  const beside = nearest(name, fields.keys());
  const near = nearest(name, placed.keys()) ?? '';
  const meant = placed.get(name) ?? (beside === null ? placed.get(near) : path + beside);
  return unknownTitle(path + shown(name), meant ?? null, [...fields.keys()]);
}

const known = new WeakMap<Dto, ReadonlyMap<string, Nested>>();

/** The fields that class-validator knows of a class. */
function fieldsOf(dto: Dto): ReadonlyMap<string, Nested> {
  const found = known.get(dto);
  if (found) return found;
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  const deep = new Set(rules.filter(({ type }) => type === 'nestedValidation').map((rule) => rule.propertyName));
  const fields = new Map(
    rules.map(({ propertyName: name }) => [name, deep.has(name) ? nestedOf(dto, name) : null] as const),
  );
  known.set(dto, fields);
  return fields;
}

/** As class-transformer chooses the class. */
function nestedOf(dto: Dto, property: string): Nested {
  const found = defaultMetadataStorage.findTypeMetadata(dto, property);
  if (found === undefined) return null;
  const { discriminator } = found.options;
  return (value) => {
    const named = discriminator && (value as Record<string, unknown>)[discriminator.property];
    return discriminator?.subTypes.find(({ name }) => name === named)?.value ?? found.typeFunction();
  };
}

const places = {
  ours: new WeakMap<Dto, ReadonlyMap<string, string>>(),
  marked: new WeakMap<Dto, ReadonlyMap<string, string>>(),
};

/** Where each of our words stands in a body, by its last name; the uppermost place first. */
function placesOf(dto: Dto, ours: boolean): ReadonlyMap<string, string> {
  const remembered = ours ? places.ours : places.marked;
  const found = remembered.get(dto);
  if (found) return found;
  const placed = new Map<string, string>();
  let level: readonly (readonly [Dto, string, boolean])[] = [[dto, '', ours]];
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth++) {
    level = level.flatMap(([at, path, strict]) =>
      [...fieldsOf(at)].flatMap(([name, nested]) => {
        if (strict && !placed.has(name)) placed.set(name, path + name);
        if (nested === null) return [];
        const below = nested({});
        return [[below, `${path}${name}.`, strict || refusing.has(below)] as const];
      }),
    );
  }
  remembered.set(dto, placed);
  return placed;
}
