import { readFileSync } from 'node:fs';
import type { WireOperation } from '../../../src/wire/index.js';

/** What the facts (`test/support/facts.ts`) say of an operation's request. */
interface Schema {
  readonly $ref?: string;
  readonly readOnly?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly discriminator?: { readonly mapping?: Readonly<Record<string, string>> };
}
interface FactsOperation {
  readonly operationId: string;
  readonly responses?: object;
  readonly requestBody?: { readonly content: { readonly 'application/json'?: { readonly schema: Schema } } };
}
interface Facts {
  readonly paths: Readonly<Record<string, Readonly<Record<string, FactsOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const facts = JSON.parse(readFileSync(new URL('../openapi-facts.json', import.meta.url), 'utf8')) as Facts;

export const factsOperations: readonly WireOperation[] = Object.entries(facts.paths).flatMap(([path, operations]) =>
  Object.entries(operations)
    .filter(([, { responses }]) => responses !== undefined)
    .map(([method, { operationId }]) => ({ operationId, method: method.toUpperCase(), path })),
);

/** The types that a body of this schema may have, such as channels. */
export const typesOf = (schema: string): readonly string[] =>
  Object.keys(facts.components.schemas[schema]?.discriminator?.mapping ?? {});

/**
 * Fields that a body may have, dotted, arrays like what is in them; those of each type where it has several, but only of
 * the types that `takes`. What only answers have is none.
 */
export function documentedFields(
  { method, path }: WireOperation,
  takes: (type: string) => boolean = () => true,
): readonly string[] {
  const body = facts.paths[path]?.[method.toLowerCase()]?.requestBody?.content['application/json']?.schema;
  return body === undefined ? [] : [...new Set(fieldsIn(body, takes, []))];
}

function fieldsIn(schema: Schema, takes: (type: string) => boolean, seen: readonly string[]): string[] {
  const { $ref, discriminator, allOf = [], oneOf = [], anyOf = [], properties = {}, items } = schema;
  if ($ref !== undefined) return seen.includes($ref) ? [] : fieldsIn(schemaAt($ref), takes, [...seen, $ref]);
  const typed = Object.entries(discriminator?.mapping ?? {});
  const others = typed.length > 0 ? typed.filter(([type]) => takes(type)).map(([, to]) => ({ $ref: to })) : oneOf;
  return [
    ...[...allOf, ...others, ...anyOf, ...(items === undefined ? [] : [items])].flatMap((one) =>
      fieldsIn(one, takes, seen),
    ),
    ...Object.entries(properties)
      .filter(([, one]) => one.readOnly !== true)
      .flatMap(([name, one]) => [name, ...fieldsIn(one, takes, seen).map((field) => `${name}.${field}`)]),
  ];
}

function schemaAt(reference: string): Schema {
  const schema = facts.components.schemas[reference.replace('#/components/schemas/', '')];
  if (schema === undefined) throw new Error(`the facts have no ${reference}`);
  return schema;
}
