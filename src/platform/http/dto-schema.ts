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
 * that class-validator would call, through the keyword `holds` (`dto-keyword.ts`). `null`s that say nothing go first, as
 * in the pipe. So both readers say the same.
 *
 * Throws at start for what a schema cannot say: asynchronous checks, transforms, nested classes under a condition that
 * reads other fields.
 */
export function dtoSchema(dto: Dto): Schema {
  const schema = { ...schemaOf(dto), dropsNulls: [dto] };
  made.set(schema, dto);
  return schema;
}

function schemaOf(dto: Dto): Schema {
  const checks = checksOf(dto);
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(checks.map((check) => [check.property, propertySchema(dto, check)])),
    required: checks.filter(isRequired).map(({ property }) => property),
    holds: checks.map(withoutWords).filter(({ constraints }) => constraints.length > 0),
  };
}

const made = new WeakMap<object, Dto>();

/** The class that a schema was made of. */
export const dtoOf = (schema: unknown): Dto | undefined =>
  typeof schema === 'object' && schema !== null ? made.get(schema) : undefined;

function checksOf(dto: Dto): readonly Check[] {
  if (defaultMetadataStorage._transformMetadatas.has(dto)) throw new Error(`${dto.name} transforms its fields`);
  const rules: readonly Rule[] = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  if (rules.length === 0) throw new Error(`${dto.name} has no validation rules`);
  const properties = [...new Set(rules.map((rule) => rule.propertyName))];
  return properties.map((property) =>
    checkOf(
      property,
      rules.filter((rule) => rule.propertyName === property),
    ),
  );
}

/** What JSON Schema says in exactly class-validator's meaning. A rule that is not here is called instead. */
const words: Readonly<Record<string, (values: readonly unknown[]) => Schema>> = {
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
  return check.absence === 'refused' && check.constraints.some((rule) => !rule.each && hasWords(check, rule));
}

function withoutWords(check: Check): Check {
  return { ...check, constraints: check.constraints.filter((rule) => !hasWords(check, rule)) };
}

function propertySchema(dto: Dto, check: Check): Schema {
  const said = check.constraints.filter((rule) => hasWords(check, rule));
  const own = merged(said.filter(({ each }) => !each));
  const nullable = check.absence === 'null' && 'type' in own ? { nullable: true } : {};
  if (!check.nested)
    return own['type'] === 'array'
      ? { ...own, ...nullable, items: merged(said.filter(({ each }) => each)) }
      : { ...own, ...nullable };
  if (own['type'] === 'array') return { ...own, ...nullable, items: nestedSchema(dto, check.property) };
  if (own['type'] === 'object') return { ...nestedSchema(dto, check.property), ...nullable };
  throw new Error(`${dto.name}.${check.property} needs @IsObject() or @IsArray() beside @ValidateNested()`);
}

function merged(rules: readonly Constraint[]): Schema {
  return Object.assign({}, ...rules.map(({ name, values }) => words[name]?.(values)));
}

/** The nested class; with a discriminator, the class that its property names, as class-transformer would choose it. */
function nestedSchema(dto: Dto, property: string): Schema {
  const found = defaultMetadataStorage.findTypeMetadata(dto, property);
  if (found === undefined) throw new Error(`${dto.name}.${property} needs @Type(() => Class)`);
  const { discriminator, keepDiscriminatorProperty } = found.options;
  const otherwise = schemaOf(found.typeFunction());
  if (discriminator === undefined) return otherwise;
  if (keepDiscriminatorProperty !== true)
    throw new Error(`${dto.name}.${property} loses its ${discriminator.property}`);
  const named = (schema: Schema): Schema => ({
    type: 'object',
    properties: { [discriminator.property]: schema },
    required: [discriminator.property],
  });
  return {
    type: 'object',
    allOf: [
      ...discriminator.subTypes.map(({ name, value }) => ({
        if: { not: named({ const: name }) },
        else: schemaOf(value),
      })),
      { if: named({ enum: discriminator.subTypes.map(({ name }) => name) }), else: otherwise },
    ],
  };
}
