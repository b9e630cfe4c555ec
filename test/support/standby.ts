import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { temporaryCluster } from '../../src/platform/postgres/embedded/index.js';
import { migrate } from '../../src/platform/postgres/migrator.js';
import { migrationsDir } from '../../src/platform/root.js';

/** A PostgreSQL with a migrated database, and a second one that replays what it writes. */
export interface Pair {
  readonly primary: { readonly url: string; kill(): void };
  readonly standby: {
    readonly url: string;
    /** What the primary writes still arrives, and is not replayed until the promotion. */
    pause(): Promise<void>;
    /** Replays what has arrived, and takes changes from then on. */
    promote(): Promise<void>;
    /** Whether all that the primary has written so far has arrived. */
    hasEverything(): Promise<boolean>;
  };
  stop(): Promise<void>;
}

export async function startPair(): Promise<Pair> {
  const folder = mkdtempSync(join(String(process.env['TEST_FOLDER']), 'own-pair-'));
  const at = (name: string): string => {
    const path = join(folder, name);
    mkdirSync(path, { mode: 0o755 });
    return path;
  };
  chmodSync(folder, 0o755);
  const primary = temporaryCluster(at('primary'));
  await primary.start();
  await migrate(primary.url(), migrationsDir);
  const { port } = primary;
  await primary.stop();
  execFileSync('cp', ['-a', join(folder, 'primary', 'postgres'), at('standby')]);
  await primary.start(port);

  const home = join(folder, 'standby', 'postgres');
  const password = readFileSync(join(home, 'password'), 'utf8').trim();
  const source = `host=127.0.0.1 port=${port} user=switchboard password=${password}`;
  appendFileSync(join(home, 'data', 'postgresql.auto.conf'), `primary_conninfo = '${source}'\n`);
  writeFileSync(join(home, 'data', 'standby.signal'), '', { mode: 0o644 });
  const standby = temporaryCluster(join(folder, 'standby'));
  await standby.start();

  const ask = async (url: string, sql: string): Promise<string> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<{ answer: string }>(sql);
    await client.end();
    return rows[0]?.answer ?? '';
  };
  return {
    primary: { url: primary.url(), kill: () => primary.kill() },
    standby: {
      url: standby.url(),
      pause: async () => void (await ask(standby.url(), 'SELECT pg_wal_replay_pause()')),
      promote: async () => void (await ask(standby.url(), 'SELECT pg_promote()::text AS answer')),
      hasEverything: async () => {
        const written = await ask(primary.url(), 'SELECT pg_current_wal_flush_lsn()::text AS answer');
        const arrived = `SELECT (pg_last_wal_receive_lsn() >= '${written}')::text AS answer`;
        return (await ask(standby.url(), arrived)) === 'true';
      },
    },
    stop: async () => {
      await Promise.all([primary.stop(), standby.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
