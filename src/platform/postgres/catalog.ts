import type { Client } from 'pg';

/** The schema as PostgreSQL's catalogs tell it: what `schema.sql` and `tables.ts` are written from. */
export interface Schema {
  readonly domains: readonly Domain[];
  /** `CREATE FUNCTION …`, whole. */
  readonly functions: readonly string[];
  readonly tables: readonly Table[];
}

export interface Domain {
  readonly name: string;
  readonly type: string;
  readonly collation: string | null;
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly constraints: readonly { readonly name: string; readonly definition: string }[];
  /** Those that no constraint made. */
  readonly indexes: readonly string[];
  /** `CREATE TRIGGER …`; `always`: also where triggers are off for replication. */
  readonly triggers: readonly { readonly name: string; readonly definition: string; readonly always: boolean }[];
  /** `CREATE POLICY …`, without the name of the table's schema. */
  readonly policies: readonly string[];
  /** Row-level security: on, and forced on the owner too. */
  readonly secured: boolean;
  /** `RANGE (created_at)`, where the table is cut into partitions. */
  readonly partitionKey: string | null;
  /** `outbox DEFAULT`, where the table is a partition itself. */
  readonly partitionOf: string | null;
  readonly options: readonly string[];
}

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly collation: string | null;
  /** The type below a domain. */
  readonly baseType: string;
  readonly notNull: boolean;
  readonly default: string | null;
}

/** Partitions by day come and go while the program runs; only the default one belongs to the schema. */
const LASTING = `c.relnamespace = 'public'::regnamespace
  AND c.relkind IN ('r', 'p')
  AND (NOT c.relispartition OR pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT')`;

const COLLATION = (type: string, own: string): string =>
  `(SELECT quote_ident(l.collname) FROM pg_collation l WHERE l.oid = ${own} AND ${own} <> ${type})`;

const DOMAINS = `
  SELECT t.typname AS name, format_type(t.typbasetype, t.typtypmod) AS type,
         ${COLLATION('b.typcollation', 't.typcollation')} AS collation
  FROM pg_type t JOIN pg_type b ON b.oid = t.typbasetype
  WHERE t.typnamespace = 'public'::regnamespace AND t.typtype = 'd' ORDER BY t.typname`;

const TABLES = `
  SELECT c.relname AS name,
         pg_get_partkeydef(c.oid) AS "partitionKey",
         (SELECT p.relname || ' ' || pg_get_expr(c.relpartbound, c.oid)
            FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent
           WHERE i.inhrelid = c.oid AND c.relispartition) AS "partitionOf",
         coalesce(c.reloptions, '{}') AS options,
         c.relrowsecurity AND c.relforcerowsecurity AS secured
  FROM pg_class c WHERE ${LASTING} ORDER BY c.relname COLLATE "C"`;

const COLUMNS = `
  SELECT c.relname AS "table", a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
         format_type(coalesce(nullif(t.typbasetype, 0), t.oid), -1) AS "baseType",
         ${COLLATION('t.typcollation', 'a.attcollation')} AS collation,
         a.attnotnull AS "notNull", pg_get_expr(d.adbin, d.adrelid) AS "default"
  FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  WHERE ${LASTING} ORDER BY c.relname COLLATE "C", a.attnum`;

/** PostgreSQL 18 also lists NOT NULL as constraints (contype n); the columns say those already. */
const CONSTRAINTS = `
  SELECT c.relname AS "table", k.conname AS name, pg_get_constraintdef(k.oid) AS definition
  FROM pg_class c JOIN pg_constraint k ON k.conrelid = c.oid
  WHERE ${LASTING} AND k.contype IN ('p', 'u', 'c', 'f', 'x') AND NOT c.relispartition
  ORDER BY c.relname COLLATE "C", position(k.contype::text IN 'pucfx'), k.conname COLLATE "C"`;

const INDEXES = `
  SELECT c.relname AS "table", pg_get_indexdef(i.indexrelid) AS definition
  FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid JOIN pg_class x ON x.oid = i.indexrelid
  WHERE ${LASTING} AND NOT c.relispartition
    AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
  ORDER BY c.relname COLLATE "C", x.relname COLLATE "C"`;

const FUNCTIONS = `
  SELECT pg_get_functiondef(p.oid) AS definition
  FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace ORDER BY p.proname COLLATE "C"`;

const TRIGGERS = `
  SELECT c.relname AS "table", t.tgname AS name, pg_get_triggerdef(t.oid) AS definition, t.tgenabled = 'A' AS always
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
  WHERE ${LASTING} AND NOT t.tgisinternal ORDER BY c.relname COLLATE "C", t.tgname COLLATE "C"`;

const POLICIES = `
  SELECT c.relname AS "table", format('CREATE POLICY %I ON %I', p.polname, c.relname)
         || CASE p.polcmd WHEN '*' THEN '' WHEN 'r' THEN ' FOR SELECT' WHEN 'a' THEN ' FOR INSERT' WHEN 'w' THEN ' FOR UPDATE'
                          ELSE ' FOR DELETE' END
         || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
         || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '') AS definition
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
  WHERE ${LASTING} ORDER BY c.relname COLLATE "C", p.polname COLLATE "C"`;

type Of<T> = T & { readonly table: string };

/** Reads the schema of the connected database; equal schemas give equal answers, whatever their history. */
export async function readSchema(client: Client): Promise<Schema> {
  const rows = async <T extends object>(text: string): Promise<readonly T[]> => (await client.query<T>(text)).rows;
  const domains = await rows<Domain>(DOMAINS);
  const tables = await rows<Pick<Table, 'name' | 'partitionKey' | 'partitionOf' | 'options' | 'secured'>>(TABLES);
  const columns = Map.groupBy(await rows<Of<Column>>(COLUMNS), ({ table }) => table);
  const constraints = Map.groupBy(await rows<Of<Table['constraints'][number]>>(CONSTRAINTS), ({ table }) => table);
  const indexes = Map.groupBy(await rows<Of<{ definition: string }>>(INDEXES), ({ table }) => table);
  const functions = await rows<{ definition: string }>(FUNCTIONS);
  const policies = Map.groupBy(await rows<Of<{ definition: string }>>(POLICIES), ({ table }) => table);
  const triggers = Map.groupBy(await rows<Of<Table['triggers'][number]>>(TRIGGERS), ({ table }) => table);
  return {
    domains,
    functions: functions.map(({ definition }) => definition.trimEnd()),
    tables: tables.map((table) => ({
      ...table,
      columns: columns.get(table.name) ?? [],
      constraints: constraints.get(table.name) ?? [],
      indexes: (indexes.get(table.name) ?? []).map(({ definition }) => definition),
      triggers: triggers.get(table.name) ?? [],
      policies: (policies.get(table.name) ?? []).map(({ definition }) => definition),
    })),
  };
}
