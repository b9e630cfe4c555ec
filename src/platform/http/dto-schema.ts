import 'reflect-metadata';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage } from 'class-validator';
import { checkOf, type Check, type Constraint, type Rule } from './dto-checks.js';

type Dto = abstract new () => object;

interface Schema {
  readonly [word: string]: unknown;
}

/**
 * The JSON schema of a DTO class, for `RouteSchema({ body: dtoSchema(Dto) })` on the hottest routes. Shape and plain
 * limits become the schema's own words; everything else (lengths, patterns, checks of our own) calls the very function
 * that class-validator would call, through the keyword `holds` (`dto-keyword.ts`). So both readers say the same.
 *
 * Throws at start for what a schema cannot say: asynchronous checks, transforms, nested classes behind `ValidateIf`.
 */
export function dtoSchema(dto: Dto): Schema {
  const rules = rulesOf(dto);
  const properties = [...new Set(rules.map((rule) => rule.propertyName))];
  const of = (property: string) => rules.filter((rule) => rule.propertyName === property);
  const checks = properties.map((property) => checkOf(property, of(property)));
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(checks.map((check) => [check.property, propertySchema(dto, check)])),
    required: checks.filter(isRequired).map(({ property }) => property),
    holds: checks.map(withoutWords),
  };
}

function rulesOf(dto: Dto): readonly Rule[] {
  if (defaultMetadataStorage._transformMetadatas.has(dto)) throw new Error(`${dto.name} transforms its fields`);
  const found = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  if (found.length === 0) throw new Error(`${dto.name} has no validation rules`);
  return found;
}

/** What JSON Schema says in exactly class-validator's meaning. A rule that is not here is called instead. */
const words: Readonly<Record<string, (values: readonly unknown[]) => Schema | null>> = {
  isString: () => ({ type: 'string' }),
  isBoolean: () => ({ type: 'boolean' }),
  isInt: () => ({ type: 'integer' }),
  isObject: () => ({ type: 'object' }),
  isArray: () => ({ type: 'array' }),
  min: ([minimum]) => ({ minimum }),
  max: ([maximum]) => ({ maximum }),
  arrayMinSize: ([minItems]) => ({ minItems }),
  arrayMaxSize: ([maxItems]) => ({ maxItems }),
};

const typed = new Set(['isString', 'isBoolean', 'isInt', 'isObject', 'isArray']);

/** Without a type of its own, `minimum` would let a string through: such a rule is called. */
function hasWords({ constraints, conditions }: Check, { name, each }: Constraint): boolean {
  if (conditions.length > 0 || !(name in words)) return false;
  return typed.has(name) || constraints.some((other) => typed.has(other.name) && other.each === each);
}

function isRequired(check: Check): boolean {
  return (
    !check.optional && check.constraints.some((rule) => typed.has(rule.name) && !rule.each && hasWords(check, rule))
  );
}

function withoutWords(check: Check): Check {
  return { ...check, constraints: check.constraints.filter((rule) => !hasWords(check, rule)) };
}

function propertySchema(dto: Dto, check: Check): Schema {
  const said = check.constraints.filter((rule) => hasWords(check, rule));
  const own = Object.assign({}, ...said.filter(({ each }) => !each).map(wordsOf)) as Schema;
  const items = Object.assign({}, ...said.filter(({ each }) => each).map(wordsOf)) as Schema;
  const nested = check.nested ? dtoSchema(nestedClass(dto, check.property)) : null;
  const list = own['type'] === 'array';
  return {
    ...own,
    ...(nested !== null && !list && nested),
    ...(list && { items: nested ?? items }),
    ...(check.optional && (own['type'] !== undefined || nested !== null) && { nullable: true }),
  };
}

function wordsOf({ name, values }: Constraint): Schema {
  return words[name]?.(values) ?? {};
}

function nestedClass(dto: Dto, property: string): Dto {
  const type = defaultMetadataStorage.findTypeMetadata(dto, property)?.typeFunction();
  if (typeof type !== 'function') throw new Error(`${dto.name}.${property} needs @Type(() => Class)`);
  return type as Dto;
}
