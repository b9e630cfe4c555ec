import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import { Client } from 'pg';
import { NatsProcess } from '../../../src/platform/nats/server/index.js';
import { temporaryCluster, type Cluster } from '../../../src/platform/postgres/embedded/index.js';
import { ClaimedError, claim } from '../../../src/platform/process/index.js';

interface Started {
  readonly how: string;
  readonly postgres: number;
  readonly nats: number;
  readonly url: string;
  readonly natsUrl: string;
}

const natsServer = process.env['TEST_NATS_SERVER'] as string;
const parents: ChildProcess[] = [];
let folder: string;
let cluster: Cluster;
let nats: NatsProcess;

beforeAll(() => {
  folder = mkdtempSync(join(process.env['TEST_FOLDER'] as string, 'own-embedded-'));
  chmodSync(folder, 0o755);
  cluster = temporaryCluster(folder);
  nats = new NatsProcess({ command: natsServer, home: join(folder, 'nats'), name: 'switchboard' });
});

afterEach(() => {
  for (const left of parents.splice(0)) left.kill('SIGKILL');
});

afterAll(() => Promise.all([cluster.stop(), nats.stop()]));

/** A process of its own, leader of its own group as a shell's job is, that starts the servers. */
async function parent(): Promise<{ process: ChildProcess; started: Started }> {
  const child = spawn(process.execPath, ['test/support/fixtures/server-parent.mjs', folder, natsServer], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  parents.push(child);
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return { process: child, started: JSON.parse(line.toString()) as Started };
}

async function ask(url: string, sql: string): Promise<Record<string, unknown>> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return ((await client.query(sql)).rows[0] ?? {}) as Record<string, unknown>;
  } finally {
    await client.end();
  }
}

describe('servers of our own', () => {
  it('outlive a Ctrl-C to the group of who started them, and its kill -9; the next start adopts them', async () => {
    const first = await parent();
    expect(first.started.how).toBe('started');
    await ask(first.started.url, 'CREATE TABLE kept AS SELECT 7 AS n');

    process.kill(-(first.process.pid as number), 'SIGINT');
    await once(first.process, 'exit');
    expect(await ask(first.started.url, 'SELECT n FROM kept')).toEqual({ n: 7 });

    const second = await parent();
    expect(second.started).toEqual({ ...first.started, how: 'adopted' });
    second.process.kill('SIGKILL');
    await once(second.process, 'exit');

    expect(await cluster.start()).toBe('adopted');
    expect(await nats.start()).toBe('adopted');
    expect([cluster.pid, nats.pid]).toEqual([first.started.postgres, first.started.nats]);
    expect(await ask(cluster.url(), 'SELECT n FROM kept')).toEqual({ n: 7 });
    await (await connect({ servers: nats.url })).close();
  });

  it('keeps every promise of durability, a random password for its owner only, and no way in without it', async () => {
    await cluster.start();
    for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes'])
      expect(await ask(cluster.url(), `SHOW ${setting}`)).toEqual({ [setting]: 'on' });
    expect(statSync(join(folder, 'postgres', 'password')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'postgres', 'data')).mode & 0o777).toBe(0o700);
    const wrong = new URL(cluster.url());
    wrong.password = 'wrong';
    await expect(ask(wrong.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
  });

  it('comes back over the same data and on the same port after a crash of its own', async () => {
    await cluster.start();
    await ask(cluster.url(), 'CREATE TABLE crashed AS SELECT 8 AS n');
    const { port, pid } = cluster;
    cluster.kill('SIGKILL');
    expect(await cluster.start()).toBe('started');
    expect(cluster.port).toBe(port);
    expect(cluster.pid).not.toBe(pid);
    expect(await ask(cluster.url(), 'SELECT n FROM crashed')).toEqual({ n: 8 });
  });

  it('is restored from a copy of its data directory that was made while it stood', async () => {
    await cluster.start();
    await ask(cluster.url(), 'CREATE TABLE saved AS SELECT 9 AS n');
    await cluster.stop();
    const copy = join(folder, 'restored');
    mkdirSync(copy, { mode: 0o755 });
    execFileSync('cp', ['-a', join(folder, 'postgres'), join(copy, 'postgres')]);
    const restored = temporaryCluster(copy);
    await restored.start();
    expect(await ask(restored.url(), 'SELECT n FROM saved')).toEqual({ n: 9 });
    await restored.stop();
  });

  it('is gone after a stop, and a second stop is no error', async () => {
    await cluster.start();
    await nats.start();
    await Promise.all([cluster.stop(), nats.stop()]);
    expect([cluster.pid, nats.pid]).toEqual([null, null]);
    await Promise.all([cluster.stop(), nats.stop()]);
  });
});

describe('claim', () => {
  it('refuses a second process while the first lives, and none after it died', async () => {
    const file = join(folder, 'one.claim');
    const release = claim(file, 'the folder');
    // Our own claim, left by ourselves, is taken again; the one of a living stranger is not.
    release();
    const stranger = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `import { claim } from ${JSON.stringify(join(process.cwd(), 'dist/src/platform/process/index.js'))};
       claim(${JSON.stringify(file)}, 'it'); console.log('mine'); setInterval(() => {}, 60000);`,
    ]);
    parents.push(stranger);
    await once(stranger.stdout as NodeJS.ReadableStream, 'data');
    expect(() => claim(file, 'the folder')).toThrow(ClaimedError);
    expect(() => claim(file, 'the folder')).toThrow(`the folder is in use by process ${stranger.pid}`);
    stranger.kill('SIGKILL');
    await once(stranger, 'exit');
    claim(file, 'the folder')();
  });
});
