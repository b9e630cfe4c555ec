/**
 * The servers of one test run: a PostgreSQL with a migrated template database, and a nats-server, both processes of
 * ours on free loopback ports below one temporary folder. Spec files find them through the environment.
 */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../../scripts/build.mjs';

const TEMPLATE = 'switchboard_template';
const PREFIX = 'switchboard-test-';

export async function startKit() {
  await build();
  const { temporaryCluster } = await import('../../dist/src/platform/postgres/embedded/index.js');
  const { migrate } = await import('../../dist/src/platform/postgres/migrator.js');
  const { migrationsDir } = await import('../../dist/src/platform/root.js');
  const { NatsProcess, findNatsServer } = await import('../../dist/src/platform/nats/server/index.js');

  const natsServer = findNatsServer();
  if (natsServer === null)
    throw new Error('the tests need nats-server: apt-get install nats-server, or put it on PATH');

  sweep();
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'owner'), `${process.pid}\n`);
  const cluster = temporaryCluster(folder, { max_connections: '400', shared_buffers: '256MB' });
  const nats = new NatsProcess({ command: natsServer, home: join(folder, 'nats'), name: `test-${process.pid}` });
  const stop = async () => {
    await Promise.allSettled([cluster.stop(), nats.stop()]);
    remove(folder);
  };
  try {
    // Both prove that they are the servers of this folder before anything is written to them.
    await Promise.all([cluster.start(), nats.start()]);
    const admin = await cluster.connect('postgres');
    await admin.query(`CREATE DATABASE ${TEMPLATE}`);
    await admin.end();
    await migrate(cluster.url(TEMPLATE), migrationsDir);
    return { databaseUrl: cluster.url('postgres'), natsUrl: nats.url, folder, natsServer, template: TEMPLATE, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Removes what runs left that were killed before they could do it themselves. */
function sweep() {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name);
    const owner = pidIn(join(folder, 'owner'));
    if (owner !== null && !alive(owner)) remove(folder);
  }
}

/** Kills every server that lives below a run's folder, then removes the folder. */
export function remove(folder) {
  for (const file of pidFiles(folder)) {
    const pid = pidIn(file);
    if (pid !== null && commandLine(pid).includes(folder)) process.kill(pid, 'SIGKILL');
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

function pidFiles(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((file) => /(^|\/)(postmaster|nats|nginx|pgbouncer)\.pid$/.test(file))
    .map((file) => join(folder, file));
}

function pidIn(file) {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || null;
  } catch {
    return null;
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function commandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
