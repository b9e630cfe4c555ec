import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Config } from '../config/config.js';
import { checkAgreement, keepAgreement } from './agreement.js';
import { LockWait, type Patience } from './lock-wait.js';
import { hindranceOf, refuseStandby } from './outage.js';
import { IS_MADE, MAKE_ROLE } from './role.js';
import { SCOPE_SETTING } from './scope.js';
import { types } from './types.js';

/** Holds other migrators off; any number that nothing else of ours uses. */
const ADVISORY_LOCK = 7_301_001;
const FILE = /^(\d{4})_[a-z0-9_]+\.sql$/;

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** The schema cannot be brought to this program's: says what to do. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

export interface MigrateOptions {
  readonly say?: (line: string) => void;
  readonly config?: Config;
  readonly patience?: Patience;
}

/**
 * Brings the database to the schema of this program: plain `.sql` files, forward only, each in a transaction of its
 * own whose first row is the migration's record, so that two migrators cannot both apply it.
 *
 * Refuses (`MigrationError`) a database that is newer than the program, and files that were changed after they were
 * applied; with a `config`, also one that other settings were used on (`AgreementError`), before it changes anything.
 * A lock that another program holds is waited for in bounds (`LockWait`).
 *
 * Answers the names applied now; `say` is told what a migration found and put right, and what it waits for.
 */
export async function migrate(
  url: string,
  directory: string,
  { say = () => undefined, config, patience }: MigrateOptions = {},
): Promise<readonly string[]> {
  const migrations = await readMigrations(directory);
  const client = new Client({ connectionString: url, application_name: 'switchboard-migrator', types });
  client.on('error', () => undefined);
  client.on('notice', ({ severity, message = '' }) => {
    if (severity === 'WARNING') say(message);
  });
  await client.connect();
  try {
    await refuseStandby(client);
    // An owner that is no superuser is bound by the policies of earlier migrations.
    await client.query(`SELECT set_config('${SCOPE_SETTING}', '{@migration}', false)`);
    await standInLine(client, say);
    const locks = new LockWait(url, client, say, patience);
    if (config !== undefined) await checkAgreement(client, config);
    await client.query(`CREATE TABLE IF NOT EXISTS schema_migration (
      version    integer     PRIMARY KEY,
      name       text        NOT NULL,
      checksum   text        NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    )`);
    const pending = pendingOf(migrations, await applied(client));
    for (const migration of pending) await locks.through(`migration ${migration.name}`, () => apply(client, migration));
    if (config !== undefined) await keepAgreement(client, config);
    const { rows } = await client.query<{ made: boolean }>(IS_MADE);
    if (pending.length > 0 || rows[0]?.made !== true)
      await locks.through('the role of the server', () => client.query(MAKE_ROLE));
    return pending.map(({ name }) => name);
  } finally {
    // The advisory lock ends with its session.
    await client.end();
  }
}

/** Another process's migrations may take their time, and hold up nobody but us. */
async function standInLine(client: Client, say: (line: string) => void): Promise<void> {
  const { rows } = await client.query<{ ours: boolean }>('SELECT pg_try_advisory_lock($1) AS ours', [ADVISORY_LOCK]);
  if (rows[0]?.ours === true) return;
  say('waiting for another process that brings the schema up to date');
  await client.query('SET lock_timeout = 0');
  await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
}

async function readMigrations(directory: string): Promise<readonly Migration[]> {
  const names = (await readdir(directory)).filter((name) => FILE.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(directory, name), 'utf8');
      const checksum = createHash('sha256').update(sql).digest('hex');
      return { version: Number(name.slice(0, 4)), name, sql, checksum };
    }),
  );
}

type Applied = ReadonlyMap<number, { readonly name: string; readonly checksum: string }>;

async function applied(client: Client): Promise<Applied> {
  const { rows } = await client.query<{ version: number; name: string; checksum: string }>(
    'SELECT version, name, checksum FROM schema_migration',
  );
  return new Map(rows.map((row) => [row.version, row]));
}

function pendingOf(migrations: readonly Migration[], done: Applied): readonly Migration[] {
  const newest = migrations.at(-1)?.version ?? 0;
  for (const [version, { name }] of done) {
    if (version > newest)
      throw new MigrationError(`the database is newer than this program (it has ${name}): update the program`);
  }
  for (const { version, name, checksum } of migrations) {
    const before = done.get(version);
    if (before !== undefined && before.checksum !== checksum)
      throw new MigrationError(`${name} was changed after it was applied: put the change into a new migration`);
  }
  return migrations.filter(({ version }) => !done.has(version));
}

async function apply(client: Client, { version, name, checksum, sql }: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query('INSERT INTO schema_migration (version, name, checksum) VALUES ($1, $2, $3)', [
      version,
      name,
      checksum,
    ]);
    await client.query(sql);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    if (hindranceOf(error) === 'busy') throw error;
    throw new Error(`migration ${name} failed: ${(error as Error).message}`, { cause: error });
  }
}
