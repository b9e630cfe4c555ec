import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';

/**
 * The public API's schema facts, as validators of our answers.
 *
 * `test/contract/openapi-facts.json` holds paths, fields and types of the Sunshine Conversations API, version 17.12.1,
 * extracted from its published OpenAPI document (no prose). Fields we add are allowed, fields we get wrong are not.
 */
type Schema = { [keyword: string]: unknown };
interface Facts {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, Schema> };
}
interface Operation {
  readonly operationId?: string;
  readonly responses: Record<string, { readonly content?: { 'application/json'?: { schema: Schema } } }>;
}

const facts = JSON.parse(readFileSync(new URL('../contract/openapi-facts.json', import.meta.url), 'utf8')) as Facts;

/** Errors look the same everywhere, also for routes and statuses the facts do not know. */
const errorBody: Schema = {
  type: 'object',
  required: ['errors'],
  properties: {
    errors: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['code', 'title'],
        properties: { code: { type: 'string', minLength: 1 }, title: { type: 'string', minLength: 1 } },
      },
    },
  },
};

const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
ajv.addSchema({ $id: 'facts', components: { schemas: plain(facts.components.schemas) } });
const isError = ajv.compile(errorBody);

interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly literal: number;
  readonly byStatus: ReadonlyMap<string, ValidateFunction>;
}

const routes: readonly Route[] = Object.entries(facts.paths)
  .flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, operation]) => operation.responses)
      .map(([method, operation]) => route(method, path, operation)),
  )
  .sort((a, b) => b.literal - a.literal);

/** What is wrong with an answer; an empty list when it is as the facts say, or when they know nothing about it. */
export function violations(method: string, path: string, status: number, body: unknown): string[] {
  const bare = path.replace(/^\/sc(?=\/)/, '').replace(/\?.*$/, '');
  if (status >= 400)
    return isError(body) ? [] : [`${method} ${bare} ${status}: not an error body: ${JSON.stringify(body)}`];
  const known = routes.find((r) => r.method === method.toLowerCase() && r.pattern.test(bare));
  if (!known) return [];
  const validate = known.byStatus.get(String(status));
  if (!validate) return [`${method} ${bare}: status ${status} is not documented`];
  if (validate(body)) return [];
  return [`${method} ${bare} ${status}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(body).slice(0, 600)}`];
}

/** The validator of one webhook event, by its trigger; `null` for triggers of our own. */
export function eventViolations(event: { type: string }): string[] {
  const name = Object.entries(facts.components.schemas).find(([, schema]) => schema['title'] === event.type)?.[0];
  if (!name) return [];
  const validate = ajv.getSchema(`facts#/components/schemas/${name}`);
  if (!validate || validate(event)) return [];
  return [`${event.type}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(event).slice(0, 600)}`];
}

/** Whether the facts know this webhook trigger. */
export const isKnownEvent = (type: string): boolean =>
  Object.values(facts.components.schemas).some((schema) => schema['title'] === type);

function route(method: string, path: string, operation: Operation): Route {
  const byStatus = new Map<string, ValidateFunction>();
  for (const [status, response] of Object.entries(operation.responses)) {
    const schema = response.content?.['application/json']?.schema;
    if (schema) byStatus.set(status, ajv.compile(plain(schema) as Schema));
  }
  const pattern = new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`);
  return { method, pattern, literal: path.replace(/\{[^}]+\}/g, '').length, byStatus };
}

/** OpenAPI 3.0 to JSON Schema: `nullable`, discriminated `oneOf`, and references into the facts. */
function plain(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(plain);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { nullable, discriminator, oneOf, ...rest } = schema as Schema;
  const made: Schema = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, key === '$ref' ? `facts${String(value)}` : plain(value)]),
  );
  if (discriminator && oneOf) {
    made['allOf'] = [...((made['allOf'] as unknown[]) ?? []), ...branches(discriminator as Discriminator)];
  } else if (oneOf) {
    made['anyOf'] = plain(oneOf);
  }
  return nullable === true ? { anyOf: [made, { type: 'null' }] } : made;
}

interface Discriminator {
  readonly propertyName: string;
  readonly mapping?: Record<string, string>;
}

function branches({ propertyName, mapping }: Discriminator): Schema[] {
  return Object.entries(mapping ?? {}).map(([value, reference]) => ({
    if: { properties: { [propertyName]: { const: value } }, required: [propertyName] },
    // oxlint-disable-next-line unicorn/no-thenable -- a JSON Schema keyword
    then: { $ref: `facts${reference}` },
  }));
}
