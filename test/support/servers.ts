import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { NatsProcess } from '../../src/platform/nats/server/index.js';
import { temporaryCluster } from '../../src/platform/postgres/embedded/index.js';
import { migrate } from '../../src/platform/postgres/migrator.js';
import { migrationsDir } from '../../src/platform/root.js';

export interface TestDatabase {
  readonly url: string;
  /** Cuts its connections and removes it. */
  drop(): Promise<void>;
}

/** A fresh database on the server of this run, with the whole schema; one per spec file, dropped in its `afterAll`. */
export const testDatabase = (): Promise<TestDatabase> => madeOf(given('TEST_TEMPLATE'));

/** One without anything in it. */
export const emptyDatabase = (): Promise<TestDatabase> => madeOf('template1');

async function madeOf(template: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(given('TEST_DATABASE_URL'));
  url.pathname = name;
  return { url: url.href, drop: () => administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** The nats-server of this run, shared by all spec files: use subjects and streams of your own, and delete them. */
export function testNats(): { readonly url: string } {
  return { url: given('TEST_NATS_URL') };
}

/** A server of one spec file, to be killed and restarted at will; it keeps its port and its data. */
export interface OwnServer {
  readonly url: string;
  readonly port: number;
  /** Default SIGKILL: what a crash does. Returns at once; SIGSTOP and SIGCONT freeze and thaw. */
  kill(signal?: NodeJS.Signals): void;
  /** Stops it if it runs, and starts it again over the same data. It answers at the same `url` when this resolves. */
  restart(): Promise<void>;
  /** Stops it for good and removes its data. */
  stop(): Promise<void>;
}

/** A PostgreSQL of one's own with a migrated database. `settings` are PostgreSQL's. */
export async function startPostgres(settings: Readonly<Record<string, string>> = {}): Promise<OwnServer> {
  const folder = ownFolder('postgres');
  const cluster = temporaryCluster(folder, settings);
  await cluster.start();
  await migrate(cluster.url(), migrationsDir);
  return {
    url: cluster.url(),
    port: cluster.port,
    kill: (signal = 'SIGKILL') => cluster.kill(signal),
    restart: async () => {
      await cluster.stop();
      await cluster.start();
    },
    stop: async () => {
      cluster.kill('SIGCONT');
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface OwnNats extends OwnServer {
  /** Where its streams lie, one folder each: `msgs`, `obs` (its consumers) and `meta.inf`. */
  readonly streams: string;
  /** Resolves when a killed one is gone, and nobody writes to its files any more. */
  stopped(): Promise<void>;
}

/** A nats-server with JetStream of one's own. */
export async function startNats(): Promise<OwnNats> {
  const folder = ownFolder('nats');
  const server = new NatsProcess({
    command: given('TEST_NATS_SERVER'),
    home: join(folder, 'nats'),
    name: `test-${randomBytes(4).toString('hex')}`,
  });
  await server.start();
  return {
    url: server.url,
    port: server.port,
    kill: (signal = 'SIGKILL') => server.kill(signal),
    streams: join(folder, 'nats', 'jetstream', '$G', 'streams'),
    stopped: () => server.stop(),
    restart: async () => {
      await server.stop();
      await server.start();
    },
    stop: async () => {
      server.kill('SIGCONT');
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Below the folder of the run, so that it goes with it even when a spec file dies. */
export function ownFolder(kind: string): string {
  const folder = mkdtempSync(join(given('TEST_FOLDER'), `own-${kind}-`));
  chmodSync(folder, 0o755);
  return folder;
}

async function administer(statement: string): Promise<void> {
  const client = new Client({ connectionString: given('TEST_DATABASE_URL') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export function given(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: this spec belongs to the project "servers" of jest`);
  return value;
}
