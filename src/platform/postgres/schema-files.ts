import type { Column, Domain, Schema, Table } from './catalog.js';

const HEADER = 'Written from the catalogs of a freshly migrated database by `npm run schema`; never edited by hand.';

/** `migrations/schema.sql`: the schema as it stands, for reading and for diffs. */
export function schemaSql(schema: Schema): string {
  const functions = schema.functions.map((definition) => `${definition};`);
  const parts = [`-- ${HEADER}`, ...schema.domains.map(domainSql), ...functions, ...schema.tables.map(tableSql)];
  return parts.join('\n\n') + '\n';
}

function domainSql({ name, type, collation }: Domain): string {
  return `CREATE DOMAIN ${name} AS ${type}${collation === null ? '' : ` COLLATE ${collation}`};`;
}

function tableSql(table: Table): string {
  if (table.partitionOf !== null) {
    const [parent, ...bound] = table.partitionOf.split(' ');
    const create = `CREATE TABLE ${table.name} PARTITION OF ${parent} ${bound.join(' ')};`;
    return [create, ...securitySql(table)].join('\n');
  }
  const lines = [
    ...table.columns.map(columnSql),
    ...table.constraints.map(({ name, definition }) => `CONSTRAINT ${name} ${definition}`),
  ];
  const cut = table.partitionKey === null ? '' : ` PARTITION BY ${table.partitionKey}`;
  const options = table.options.length === 0 ? '' : ` WITH (${table.options.join(', ')})`;
  const create = `CREATE TABLE ${table.name} (\n  ${lines.join(',\n  ')}\n)${cut}${options};`;
  return [
    create,
    ...table.indexes.map((index) => `${index.replace(' ON public.', ' ON ').replace(' ON ONLY public.', ' ON ')};`),
    ...table.triggers.flatMap((trigger) => triggerSql(table.name, trigger)),
    ...securitySql(table),
  ].join('\n');
}

function securitySql({ name, secured, policies }: Table): string[] {
  const on = [`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;`];
  // As one line each, however PostgreSQL breaks an expression.
  return [...(secured ? on : []), ...policies.map((policy) => `${policy.replaceAll(/\s+/g, ' ')};`)];
}

function triggerSql(table: string, { name, definition, always }: Table['triggers'][number]): string[] {
  const created = `${definition.replace(' ON public.', ' ON ')};`;
  return always ? [created, `ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${name};`] : [created];
}

function columnSql(column: Column): string {
  const collation = column.collation === null ? '' : ` COLLATE ${column.collation}`;
  const fallback = column.default === null ? '' : ` DEFAULT ${column.default}`;
  return `${column.name} ${column.type}${collation}${fallback}${column.notNull ? ' NOT NULL' : ''}`;
}

/** `tables.ts`: the same tables as Kysely wants them typed. */
export function tablesTs(schema: Schema): string {
  const tables = schema.tables.filter(({ partitionOf }) => partitionOf === null);
  return (
    [
      `// ${HEADER}\n/* oxlint-disable max-lines */`,
      `import type { ColumnType } from 'kysely';`,
      [
        '/** A column with a default: may be left out of an insert. */',
        'type Generated<T> =',
        '  T extends ColumnType<infer S, infer I, infer U> ? ColumnType<S, I | undefined, U> : ColumnType<T, T | undefined, T>;',
      ].join('\n'),
      [
        '/** Read as `Date` (an infinite one as a number), written as `Date` or in ISO form. */',
        'type Timestamp = ColumnType<Date, Date | string>;',
      ].join('\n'),
      ['export interface Tables {', ...tables.map(({ name }) => `  ${name}: ${pascal(name)}Table;`), '}'].join('\n'),
      ...tables.map(tableTs),
    ].join('\n\n') + '\n'
  );
}

function tableTs({ name, columns }: Table): string {
  return [`export interface ${pascal(name)}Table {`, ...columns.map((column) => `  ${columnTs(column)}`), '}'].join(
    '\n',
  );
}

function columnTs(column: Column): string {
  const type = typeTs(column.baseType) + (column.notNull ? '' : ' | null');
  return `${column.name}: ${column.default === null ? type : `Generated<${type}>`};`;
}

function typeTs(type: string): string {
  if (type.endsWith('[]')) return `${typeTs(type.slice(0, -2))}[]`;
  switch (type) {
    case 'text':
      return 'string';
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'double precision':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'timestamp with time zone':
      return 'Timestamp';
    case 'bytea':
      return 'Buffer';
    case 'jsonb':
      return 'unknown';
    default:
      throw new Error(`no TypeScript type is known for the column type ${type}: add it to schema-files.ts`);
  }
}

function pascal(name: string): string {
  return name.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
