import * as fc from 'fast-check';
import { schemaAt, type Schema } from './operations.js';

type Json = fc.JsonValue;

/** `@name` stands for an id of the app under test, known when the request is sent. */
const named: Readonly<Record<string, fc.Arbitrary<Json>>> = {
  userId: fc.constant('@user'),
  userExternalId: fc.constant('@externalId'),
  integrationId: fc.constant('@integrationId'),
  switchboardIntegration: fc.constantFrom('@id', '@defaultLinkId', 'next', 'nobody'),
  nextSwitchboardIntegrationId: fc.constantFrom('@id', '@defaultLinkId', null),
  defaultSwitchboardIntegrationId: fc.constant('@defaultLinkId'),
  defaultResponderId: fc.constantFrom('@id', null),
  target: fc.constantFrom('http://127.0.0.1:9/', 'http://fuzz.invalid/hook'),
  triggers: fc.constantFrom(['conversation:message'], ['*'], ['user:update', 'conversation:read']),
  mediaUrl: fc.webUrl(),
  signedUpAt: fc.constant('2026-01-01T00:00:00.000Z'),
  email: fc.emailAddress(),
  locale: fc.constantFrom('en', 'nl-BE'),
};

/** Values a schema of the facts allows, or nearly: the facts leave much unsaid. */
export function fromSchema(schema: Schema, name = '', depth = 0): fc.Arbitrary<Json> {
  const known = named[name];
  if (known !== undefined) return known;
  if (depth > 7) return fc.constant(null);
  if (typeof schema['$ref'] === 'string') return fromSchema(schemaAt(schema['$ref']), name, depth + 1);
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as Json[]));
  for (const key of ['oneOf', 'anyOf']) {
    const branches = schema[key];
    if (Array.isArray(branches))
      return fc.oneof(...branches.map((one) => fromSchema(typed(one, schema), name, depth + 1)));
  }
  if (Array.isArray(schema['allOf'])) {
    const parts = [
      ...(schema['allOf'] as Schema[]),
      ...(schema['properties'] ? [{ ...schema, allOf: undefined }] : []),
    ];
    if (parts.length === 1) return fromSchema(parts[0]!, name, depth + 1);
    return fc.tuple(...parts.map((part) => fromSchema(part as Schema, name, depth + 1))).map(merged);
  }
  return ofType(schema, name, depth);
}

/** One branch of a discriminated union, which says its own name. */
function typed(branch: Schema, { discriminator }: Schema): Schema {
  const { propertyName, mapping = {} } = (discriminator ?? {}) as {
    propertyName?: string;
    mapping?: Record<string, string>;
  };
  const value = Object.entries(mapping).find(([, reference]) => reference === branch['$ref'])?.[0];
  if (propertyName === undefined || value === undefined) return branch;
  return {
    allOf: [branch, { type: 'object', properties: { [propertyName]: { enum: [value] } }, required: [propertyName] }],
  };
}

function merged(parts: readonly Json[]): Json {
  const objects = parts.filter((part): part is Record<string, Json> => typeof part === 'object' && part !== null);
  return objects.length === 0 ? (parts[0] ?? null) : Object.assign({}, ...objects);
}

function ofType(schema: Schema, name: string, depth: number): fc.Arbitrary<Json> {
  const number = (key: string, fallback: number): number => (typeof schema[key] === 'number' ? schema[key] : fallback);
  switch (schema['type']) {
    case 'string':
      return fc.string({
        minLength: number('minLength', 1),
        maxLength: Math.max(number('minLength', 1), Math.min(number('maxLength', 24), 24)),
        unit: 'grapheme',
      });
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: number('minimum', 0), max: number('maximum', 1_000) });
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'array':
      return fc.array(fromSchema((schema['items'] ?? {}) as Schema, '', depth + 1), {
        minLength: number('minItems', 0),
        maxLength: Math.min(number('maxItems', 3), 3),
      });
    default:
      return ofObject(schema, name, depth);
  }
}

function ofObject(schema: Schema, name: string, depth: number): fc.Arbitrary<Json> {
  const properties = (schema['properties'] ?? {}) as Record<string, Schema>;
  if (Object.keys(properties).length === 0) return name === 'override' ? fc.constant({}) : flat;
  const fields = Object.entries(properties).map(([key, one]) => [key, fromSchema(one, key, depth + 1)] as const);
  const required = ((schema['required'] ?? []) as string[]).filter((key) => key in properties);
  return fc.record(Object.fromEntries(fields), { requiredKeys: required }) as fc.Arbitrary<Json>;
}

/** Metadata, and whatever else has no fields of its own. */
const flat = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 12 }).filter((key) => key !== '__proto__'),
  fc.oneof(fc.string(), fc.integer(), fc.boolean()),
  { maxKeys: 4 },
);
