import type { Client } from 'pg';

/**
 * Rows of one real conversation, to be written again under other ids: many conversations by SQL. Whatever the tables look
 * like, a copy is as complete as its template, but for events and messages: it begins at the template's `seq`.
 */
export class Template {
  private constructor(
    /** What the ids of all copies begin with; ten hexadecimal digits of the ordinal follow. */
    readonly prefix: string,
    readonly seq: number,
    private readonly parts: Parts,
  ) {}

  /** As it is now; a copy is what the template was then. */
  static async read(client: Client, conversationId: string): Promise<Template> {
    const parts = await readParts(client, conversationId);
    const [conversation] = parts.rows.get('conversation') ?? [];
    return new Template(prefixOf(conversationId), Number(conversation?.['seq']), parts);
  }

  /** The conversation of a copy. */
  idOf(ordinal: number): string {
    return this.prefix + ordinal.toString(16).padStart(10, '0');
  }

  /** Writes the rows, but no timers: those are to come due at once. */
  async copy(client: Client, copies: Copies): Promise<void> {
    for (const table of this.parts.rows.keys()) {
      if (table !== 'timer') await copyRows(client, table, this.parts, copies);
    }
  }

  /** Arms the copies' timers: one statement, so all are there at the same moment. */
  async arm(client: Client, copies: Copies): Promise<void> {
    await copyRows(client, 'timer', this.parts, copies);
  }
}

export interface Copies {
  /** Ordinals of the copies, both included; ids follow from them. */
  readonly from: number;
  readonly to: number;
  /** Milliseconds that every deadline of the copies is later (or, negative, earlier) than the template's. */
  readonly laterMs?: number;
}

/** They grow with what happens, not with how many conversations there are. */
const HISTORY = ['event', 'message', 'outbox', 'delivery', 'refusal'];

type Row = Readonly<Record<string, string | null>>;

interface Parts {
  readonly rows: ReadonlyMap<string, readonly Row[]>;
  readonly types: ReadonlyMap<string, string>;
  /** Words of the template that are other ones in a copy. */
  readonly ids: readonly string[];
  readonly externalId: string | null;
  /** Epoch milliseconds in its states. */
  readonly deadlines: readonly string[];
}

const prefixOf = (id: string): string => id.slice(0, 8) + id.slice(-6);

async function readParts(client: Client, conversationId: string): Promise<Parts> {
  const rows = new Map<string, readonly Row[]>();
  const read = async (table: string, where: string): Promise<readonly Row[]> => {
    const found = await textRows(client, `SELECT * FROM ${table} WHERE ${where}`, conversationId);
    rows.set(table, found);
    return found;
  };
  const [user] = await read('app_user', 'id = (SELECT user_id FROM conversation WHERE id = $1)');
  await read('conversation', 'id = $1');
  for (const table of await tablesOfConversations(client)) await read(table, 'conversation_id = $1');
  const timers = rows.get('timer') ?? [];
  return {
    rows,
    types: await columnTypes(client, [...rows.keys()]),
    ids: [...rows.values()].flat().flatMap(({ id }) => id ?? []),
    externalId: user?.['external_id'] ?? null,
    deadlines: [...new Set(timers.map(({ due_at }) => String(Date.parse(due_at!))))],
  };
}

/** Whatever names a conversation, so that a copy lacks nothing of what the features know about it. */
async function tablesOfConversations(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'conversation_id' AND a.atttypid = 'entity_id'::regtype
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
       AND c.relname <> ALL($1::text[]) ORDER BY 1`,
    [HISTORY],
  );
  return rows.map(({ name }) => name);
}

/** Every value as PostgreSQL writes it. */
async function textRows(client: Client, text: string, id: string): Promise<Row[]> {
  const types = { getTypeParser: () => (value: string) => value };
  return (await client.query({ text, values: [id], types })).rows as Row[];
}

async function copyRows(client: Client, table: string, template: Parts, copies: Copies): Promise<void> {
  for (const row of template.rows.get(table) ?? []) {
    const columns = Object.keys(row);
    const value = (name: string): string => {
      const type = template.types.get(`${table}.${name}`);
      if (row[name] === null) return 'NULL';
      return `(${copied(name, row[name]!, template, copies.laterMs ?? 0)})::${type}`;
    };
    await client.query(
      `INSERT INTO ${table} (${columns.join(', ')})
       SELECT ${columns.map(value).join(', ')}
       FROM (SELECT lpad(to_hex(k), 10, '0') AS x FROM generate_series(${copies.from}, ${copies.to}) k) copy`,
    );
  }
}

/** The template's value as an SQL expression of `x`, the copy's ordinal in hexadecimal digits. */
function copied(column: string, value: string, template: Parts, laterMs: number): string {
  let later = value;
  if (column === 'due_at') later = new Date(Date.parse(value) + laterMs).toISOString();
  for (const deadline of template.deadlines) later = later.replaceAll(deadline, String(Number(deadline) + laterMs));
  let expression = `'${later.replaceAll("'", "''")}'`;
  for (const id of template.ids) expression = expression.replaceAll(id, `${prefixOf(id)}' || x || '`);
  if (template.externalId !== null) {
    expression = expression.replaceAll(template.externalId, `${template.externalId}-' || x || '`);
  }
  return expression;
}

async function columnTypes(client: Client, tables: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; type: string }>(
    `SELECT t.name || '.' || a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type
     FROM unnest($1::text[]) AS t (name) JOIN pg_attribute a ON a.attrelid = t.name::regclass AND a.attnum > 0`,
    [tables],
  );
  return new Map(rows.map(({ name, type }) => [name, type]));
}
