import type { Statement } from './book.js';

/** Column names with the PostgreSQL type of a single value. Array columns cannot be written this way. */
export type Columns = Readonly<Record<string, string>>;

export type RowOf<C extends Columns> = { readonly [Column in keyof C]: unknown };

export interface RowsOptions {
  /** Of the prepared statement: needed when two builders write the same table. */
  readonly name?: string;
  /** Behind the INSERT, such as `ON CONFLICT DO NOTHING`. */
  readonly suffix?: string;
}

/**
 * Builds `INSERT INTO table (...) SELECT * FROM unnest($1::type[], ...)`: one statement for any number of rows, always
 * the same text, so it is prepared once per connection. Values of json columns are written as JSON here.
 */
export function insertRows<C extends Columns>(
  table: string,
  columns: C,
  options: RowsOptions = {},
): (rows: readonly RowOf<C>[]) => Statement {
  const names = Object.keys(columns);
  const text =
    `INSERT INTO ${table} (${names.join(', ')}) SELECT * FROM unnest(${parameters(columns)})` +
    (options.suffix === undefined ? '' : ` ${options.suffix}`);
  return statements(options.name ?? `insert_${table}`, text, columns);
}

/**
 * Builds `UPDATE table SET ... FROM unnest(...)`, matched by the first column. Rows that are not there are not
 * written.
 */
export function updateRows<C extends Columns>(
  table: string,
  columns: C,
  options: RowsOptions = {},
): (rows: readonly RowOf<C>[]) => Statement {
  const [key, ...rest] = Object.keys(columns);
  const sets = rest.map((name) => `${name} = fresh.${name}`).join(', ');
  const fresh = `unnest(${parameters(columns)}) AS fresh (${[key, ...rest].join(', ')})`;
  const text =
    `UPDATE ${table} SET ${sets} FROM ${fresh} WHERE ${table}.${key} = fresh.${key}` +
    (options.suffix === undefined ? '' : ` ${options.suffix}`);
  return statements(options.name ?? `update_${table}`, text, columns);
}

function parameters(columns: Columns): string {
  return Object.values(columns)
    .map((type, index) => `$${index + 1}::${type}[]`)
    .join(', ');
}

function statements<C extends Columns>(
  name: string,
  text: string,
  columns: C,
): (rows: readonly RowOf<C>[]) => Statement {
  const lists = Object.entries(columns).map(([column, type]) => ({
    column,
    json: type === 'jsonb' || type === 'json',
  }));
  return (rows) => ({ name, text, values: lists.map(({ column, json }) => valuesOf(rows, column, json)) });
}

/** `undefined` and `null` are SQL NULL, in json columns too. */
function valuesOf(rows: readonly Readonly<Record<string, unknown>>[], column: string, json: boolean): unknown[] {
  const values = Array.from<unknown>({ length: rows.length });
  for (let i = 0; i < rows.length; i++) {
    const value = rows[i]?.[column] ?? null;
    values[i] = json && value !== null ? JSON.stringify(value) : value;
  }
  return values;
}
