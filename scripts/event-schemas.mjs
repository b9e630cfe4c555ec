/**
 * Makes sdk/schemas/<noun>.<verb>.json (JSON Schema 2020-12) from the types in sdk/events.ts, and sdk/asyncapi.json from
 * these and the examples, so that none of them can differ. Tests fail when the files are stale;
 * `node scripts/event-schemas.mjs` writes them anew.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { asyncApi } from './asyncapi.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
export const folder = join(root, 'sdk', 'schemas');
export const document = join(root, 'sdk', 'asyncapi.json');
const source = join(root, 'sdk', 'events.ts');

/** File name to schema, one per event of `SwitchboardEvents`. */
export function eventSchemas() {
  const program = ts.createProgram([source], { strict: true, module: ts.ModuleKind.NodeNext, noLib: false });
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(source);
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(file));
  const events = checker.getDeclaredTypeOfSymbol(exported.find(({ name }) => name === 'SwitchboardEvents'));
  return new Map(
    events
      .getProperties()
      .map((event) => [`${event.name}.json`, eventSchema(event.name, typeOf(event, checker), checker)]),
  );
}

/** The CloudEvents envelope around the data of one event. */
function eventSchema(name, data, checker) {
  const text = { type: 'string', minLength: 1 };
  const properties = {
    specversion: { const: '1.0' },
    id: { type: 'string', pattern: '^[0-9a-f]{24}$' },
    source: { type: 'string', pattern: data.getProperty('appId') ? '^/apps/' : '^/streams/' },
    type: { const: `switchboard.v1.${name}` },
    subject: { ...text, description: 'Whom it is about: the id of the conversation or agent; the name of the stream.' },
    time: { type: 'string', format: 'date-time' },
    datacontenttype: { const: 'application/json' },
    data: schemaOf(data, checker),
  };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: name,
    ...described(data.symbol, checker),
    type: 'object',
    properties,
    required: Object.keys(properties),
  };
}

/** Fields that are not named are allowed everywhere: they are added over time. */
function schemaOf(type, checker) {
  if (type.isUnion()) return unionOf(type.types, checker);
  if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
  if (type.flags & ts.TypeFlags.BooleanLiteral) return { const: checker.typeToString(type) === 'true' };
  if (type.flags & ts.TypeFlags.Null) return { type: 'null' };
  if (type.flags & ts.TypeFlags.String) return { type: 'string' };
  if (type.flags & ts.TypeFlags.Number) return { type: 'number' };
  if (type.flags & ts.TypeFlags.Object) return objectOf(type, checker);
  throw new Error(`no JSON Schema for the type ${checker.typeToString(type)}`);
}

/** `undefined` is what an optional field may be: it is left out, and `required` says so. */
function unionOf(all, checker) {
  const types = all.filter((one) => !(one.flags & ts.TypeFlags.Undefined));
  const literals = types.filter((one) => one.isStringLiteral());
  const booleans = types.filter((one) => one.flags & ts.TypeFlags.BooleanLiteral);
  const others = types.filter((one) => !literals.includes(one) && !booleans.includes(one));
  const parts = [
    ...(literals.length > 0 ? [{ enum: literals.map(({ value }) => value) }] : []),
    ...(booleans.length === 2 ? [{ type: 'boolean' }] : booleans.map((one) => schemaOf(one, checker))),
    ...others.map((one) => schemaOf(one, checker)),
  ];
  return parts.length === 1 ? parts[0] : { anyOf: parts };
}

function objectOf(type, checker) {
  if (checker.isArrayType(type)) return { type: 'array', items: schemaOf(checker.getTypeArguments(type)[0], checker) };
  const values = checker.getIndexTypeOfType(type, ts.IndexKind.String);
  if (values) return { type: 'object', additionalProperties: schemaOf(values, checker) };
  const fields = type.getProperties();
  return {
    type: 'object',
    properties: Object.fromEntries(
      fields.map((field) => [
        field.name,
        { ...annotated(schemaOf(typeOf(field, checker), checker), field), ...described(field, checker) },
      ]),
    ),
    required: fields.filter((field) => !(field.flags & ts.SymbolFlags.Optional)).map(({ name }) => name),
  };
}

/** `@format date-time` and `@minimum 1` in a doc comment, applied where the value is of that kind. */
function annotated(schema, field) {
  const tags = Object.fromEntries(field.getJsDocTags().map(({ name, text }) => [name, ts.displayPartsToString(text)]));
  const apply = (one) => {
    if (one.type === 'string' && tags.format) return { ...one, format: tags.format };
    if (one.type === 'number' && tags.minimum) return { ...one, type: 'integer', minimum: Number(tags.minimum) };
    return one.anyOf ? { anyOf: one.anyOf.map(apply) } : one;
  };
  return apply(schema);
}

function described(symbol, checker) {
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
  return text ? { description: text.replaceAll('\n', ' ') } : {};
}

const typeOf = (symbol, checker) => checker.getTypeOfSymbolAtLocation(symbol, symbol.valueDeclaration);

/** Name to its examples as they are published. They are TypeScript, so that the compiler misses none: built first. */
async function examplesOfAll() {
  const { build } = await import('./build.mjs');
  await build();
  const { bothExamples, eventNames } = await import('../dist/sdk/event-examples.spec-kit.js');
  return new Map(eventNames.map((name) => [name, bothExamples(name)]));
}

const write = (path, value) => writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  mkdirSync(folder, { recursive: true });
  const schemas = eventSchemas();
  for (const old of readdirSync(folder)) if (old.endsWith('.json') && !schemas.has(old)) rmSync(join(folder, old));
  for (const [name, schema] of schemas) write(join(folder, name), schema);
  write(document, asyncApi(schemas, await examplesOfAll()));
  execFileSync(join(root, 'node_modules/.bin/oxfmt'), [folder, document]);
  console.log(`wrote ${schemas.size} schemas to sdk/schemas, and sdk/asyncapi.json`);
}
