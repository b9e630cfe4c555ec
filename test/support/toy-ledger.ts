import { createHash, randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { AppId, Millis } from '../../src/kernel/index.js';
import {
  Again,
  insertRows,
  LEDGER_DEFAULTS,
  LedgerEngine,
  type Book,
  type Decided,
  type IdempotencyKey,
  type LedgerMetrics,
  type LedgerOptions,
  type Queued,
  type Row,
  type RowWriter,
  type Statement,
} from '../../src/ledger/index.js';
import { openWriter } from '../../src/platform/postgres/index.js';

/** The smallest book that can go wrong in every way: counters, and a log in which a doubled step is impossible to hide. */
export interface ToyCommand extends Queued {
  /** Found again in the log: what was acknowledged must be there once. */
  readonly token: string;
  /** Begins the counter of this owner, unless the owner has one already. */
  readonly owner: string | null;
  /** Written to the log as it is: a NUL is refused by PostgreSQL with SQLSTATE 22. */
  readonly text: string;
  /** Thrown by `decide`. */
  readonly error: Error | null;
}

export interface ToyEntry extends Decided {
  readonly answer: { readonly id: string; readonly n: number };
  readonly command: ToyCommand;
  readonly now: Millis;
}

interface ToyLoaded {
  readonly counters: Map<string, number>;
  readonly owned: ReadonlyMap<string, string>;
}

export const TOY_SCHEMA = `
  CREATE TABLE toy_owner (id text PRIMARY KEY);
  CREATE TABLE toy (id text PRIMARY KEY, n bigint NOT NULL, owner text UNIQUE);
  CREATE TABLE toy_log (id text, n bigint, token text NOT NULL UNIQUE, text text NOT NULL, at float8, PRIMARY KEY (id, n));`;

export class ToyBook implements Book<ToyCommand, ToyLoaded, ToyEntry> {
  locks(commands: readonly ToyCommand[]): readonly Statement[] {
    const owners = commands.flatMap(({ owner }) => owner ?? []).sort();
    const owned: Statement = {
      name: 'toy_lock_owners',
      text: 'SELECT id FROM toy_owner WHERE id = ANY ($1::text[]) ORDER BY id FOR UPDATE',
      values: [owners],
    };
    const counters: Statement = {
      name: 'toy_lock',
      text: 'SELECT id, n FROM toy WHERE id = ANY ($1::text[]) ORDER BY id FOR UPDATE',
      values: [commands.map(({ conversationId }) => conversationId)],
    };
    return owners.length > 0 ? [owned, counters] : [counters];
  }

  reads(commands: readonly ToyCommand[]): readonly Statement[] {
    const owners = commands.flatMap(({ owner }) => owner ?? []);
    const text = 'SELECT owner, id FROM toy WHERE owner = ANY ($1::text[])';
    return owners.length > 0 ? [{ name: 'toy_owned', text, values: [owners] }] : [];
  }

  async load(
    _commands: readonly ToyCommand[],
    locked: readonly (readonly Row[])[],
    read: readonly (readonly Row[])[],
  ): Promise<ToyLoaded> {
    return {
      counters: new Map(locked.at(-1)?.map((row) => [row['id'] as string, row['n'] as number])),
      owned: new Map(read[0]?.map((row) => [row['owner'] as string, row['id'] as string])),
    };
  }

  decide(command: ToyCommand, loaded: ToyLoaded, now: Millis): ToyEntry {
    if (command.error !== null) throw command.error;
    const theirs = command.owner === null ? undefined : loaded.owned.get(command.owner);
    if (theirs !== undefined) throw new Again({ ...command, conversationId: theirs, owner: null });
    const n = (loaded.counters.get(command.conversationId) ?? 0) + 1;
    return { answer: { id: command.conversationId, n }, command, now };
  }
}

const counters = insertRows(
  'toy',
  { id: 'text', n: 'bigint', owner: 'text' },
  { suffix: 'ON CONFLICT (id) DO UPDATE SET n = excluded.n' },
);
const log = insertRows('toy_log', { id: 'text', n: 'bigint', token: 'text', text: 'text', at: 'float8' });

export const toyCounters: RowWriter<ToyEntry> = {
  name: 'counters',
  write: (entries) => ({
    statement: counters(
      entries
        .map(({ answer, command }) => ({ ...answer, owner: command.owner }))
        .sort((a, b) => (a.id < b.id ? -1 : 1)),
    ),
  }),
};

export const toyLog: RowWriter<ToyEntry> = {
  name: 'log',
  write: (entries) => ({
    statement: log(entries.map(({ answer, command, now }) => ({ ...answer, ...command, at: now }))),
  }),
};

export function toyCommand(conversationId: string, more: Partial<ToyCommand> = {}): ToyCommand {
  return {
    conversationId,
    appId: 'app' as AppId,
    caller: 'somebody',
    urgency: 'usual',
    bytes: 100,
    idempotency: null,
    token: randomBytes(8).toString('hex'),
    owner: null,
    text: '',
    error: null,
    ...more,
  };
}

export function keyOf(key: string, body = ''): IdempotencyKey {
  return { key: sha256(key), fingerprint: sha256(body) };
}

/** Everything the engine told about itself. */
export class Observed implements LedgerMetrics {
  readonly groups: number[] = [];
  readonly retries: string[] = [];
  group(size: number): void {
    this.groups.push(size);
  }
  retried(cause: string): void {
    this.retries.push(cause);
  }
  waited(): void {}
  queued(): void {}
  hookFailed(): void {}
}

export type ToyEngine = LedgerEngine<ToyCommand, ToyLoaded, ToyEntry> & { readonly observed: Observed };

export interface ToyOptions extends Partial<LedgerOptions> {
  readonly rowWriters?: readonly RowWriter<ToyEntry>[];
  readonly book?: Book<ToyCommand, ToyLoaded, ToyEntry>;
}

export function toyEngine(url: string, { rowWriters, book, ...options }: ToyOptions = {}): ToyEngine {
  const observed = new Observed();
  const engine = new LedgerEngine(
    book ?? new ToyBook(),
    rowWriters ?? [toyCounters, toyLog],
    () => openWriter(url, 'toy-ledger'),
    { ...LEDGER_DEFAULTS, ...options },
    observed,
  );
  return Object.assign(engine, { observed });
}

/** A plain connection beside the engine: the other process, the row holder, the one who counts. */
export async function plainClient(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
