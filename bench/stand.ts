import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNatsServer, INSTALL_COMMAND, NatsProcess } from '../src/platform/nats/server/index.js';
import { temporaryCluster } from '../src/platform/postgres/embedded/index.js';
import { freePort } from '../src/platform/process/index.js';

/** PostgreSQL, NATS and one server of our own, started for the bench and removed with it. */
export interface Stand {
  readonly url: string;
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly accountKey: { readonly id: string; readonly secret: string };
  /** CPU seconds since start, by process. */
  cpu(): Record<string, number>;
  stop(): Promise<void>;
}

const running = new Set<() => Promise<void>>();

/** A bench that is interrupted leaves no servers behind, also one that is about to begin. */
export function stopOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      // What fails now fails because its stand goes.
      process.on('uncaughtException', () => undefined);
      void Promise.allSettled([...running].map((stop) => stop())).then(() => process.exit(130));
    });
  }
}

export async function startStand(): Promise<Stand> {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-bench-'));
  chmodSync(folder, 0o755);
  const undo: (() => void | Promise<void>)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const stop = onlyOnce(async () => {
    running.delete(stop);
    for (const step of undo.toReversed()) await Promise.resolve(step()).catch(() => undefined);
  });
  running.add(stop);
  const cluster = temporaryCluster(folder, {
    shared_buffers: '512MB',
    max_wal_size: '4GB',
    min_wal_size: '2GB',
  });
  undo.push(() => cluster.stop());
  await cluster.start();
  const command = findNatsServer();
  if (!command) throw new Error(`nats-server is missing: ${INSTALL_COMMAND}`);
  const nats = new NatsProcess({ command, home: join(folder, 'nats'), name: 'bench' });
  undo.push(() => nats.stop());
  await nats.start();
  const accountKey = { id: `act_${randomBytes(12).toString('hex')}`, secret: randomBytes(24).toString('hex') };
  const port = await freePort();
  const server = startServer(port, {
    DATABASE_URL: cluster.url(),
    NATS_URL: nats.url,
    SWITCHBOARD_ACCOUNT_KEY: `${accountKey.id}:${accountKey.secret}`,
    SWITCHBOARD_DATA_DIR: join(folder, 'data'),
    SWITCHBOARD_LOG_LEVEL: 'warn',
  });
  undo.push(() => ended(server));
  await ready(server, port);
  return {
    url: `http://127.0.0.1:${port}`,
    databaseUrl: cluster.url(),
    natsUrl: nats.url,
    accountKey,
    cpu: () => ({ server: cpuSeconds(server.pid!), nats: cpuSeconds(nats.pid!) }),
    stop,
  };
}

function onlyOnce(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => (done ??= work());
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const exit = once(server, 'exit');
  server.kill('SIGTERM');
  await exit;
}

/** A script beside this one as a process of its own that says `ready` over IPC. */
export async function startBeside(script: string, ...args: string[]): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), args);
  await once(child, 'message');
  return child;
}

function startServer(port: number, env: Record<string, string>): ChildProcess {
  return fork(fileURLToPath(new URL('../src/main.js', import.meta.url)), {
    env: { PATH: process.env['PATH'] ?? '', PORT: String(port), SWITCHBOARD_DEMO: 'off', ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

async function ready(server: ChildProcess, port: number): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => null);
    if (answer?.ok) return;
    if (server.exitCode !== null) throw new Error(`the server ended with code ${server.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the server was not ready within 30 s');
}

function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
