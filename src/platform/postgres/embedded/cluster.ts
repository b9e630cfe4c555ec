import { randomBytes } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { end, freePort, launch, readPid, runs, type Account } from '../../process/index.js';
import type { Binaries } from './binaries.js';

export interface ClusterOptions {
  readonly binaries: Binaries;
  readonly account: Account | null;
  /** Where it lives, owned by `account`: `data/`, the log, the password. */
  readonly home: string;
  /** Further settings of PostgreSQL, for tests. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * Every promise of PostgreSQL about durability stays switched on. The sizes suit a small machine: the working set of a
 * switchboard is its open conversations.
 */
const SETTINGS = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '128MB',
  max_wal_size: '1GB',
  checkpoint_timeout: '15min',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Leases, lanes and sessions rest on short statements: what burns CPU for plans of seconds only costs here.
  jit: 'off',
};

/** A recovery after a crash replays at most `max_wal_size`. */
const LAUNCH_PATIENCE_MS = 30_000;

/** One PostgreSQL of our own: a process beside us, on a loopback port, with its own data directory. */
export class Cluster {
  readonly #options: ClusterOptions;
  readonly #data: string;
  #port = 0;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#data = join(options.home, 'data');
  }

  get port(): number {
    return this.#port;
  }

  get dataDirectory(): string {
    return this.#data;
  }

  /** The pid of the running server, `null` when there is none. */
  get pid(): number | null {
    const pid = readPid(join(this.#data, 'postmaster.pid'));
    return pid !== null && runs(pid, this.#data) ? pid : null;
  }

  /** Where a database of this cluster is. Holds the password: never log it. */
  url(database = 'switchboard'): string {
    return `postgres://switchboard:${this.#password()}@127.0.0.1:${this.#port}/${database}`;
  }

  /**
   * Makes the data directory where there is none, adopts the server that an earlier process left running, else starts
   * one, and answers once it takes connections. A given `port`, or the one this object told somebody before, is the one
   * it has, or this throws. Else it takes that of last time where it is free.
   */
  async start(port = this.#port): Promise<'adopted' | 'started'> {
    if (!existsSync(join(this.#data, 'PG_VERSION'))) this.#initialise();
    if (await this.#adopt()) return 'adopted';
    await this.#launch(port);
    await this.#createDatabase();
    return 'started';
  }

  /** A fast shutdown: open transactions are rolled back, a checkpoint is written. */
  async stop(): Promise<void> {
    const pid = this.pid;
    if (pid !== null) await end(pid, this.#data, 'SIGINT', 20_000);
  }

  /** What a crash does to it; for tests. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    const pid = this.pid;
    if (pid !== null) process.kill(pid, signal);
  }

  async #adopt(): Promise<boolean> {
    const { pid } = this;
    if (pid === null) return false;
    this.#port = this.#lastPort();
    if (this.#port !== 0 && (await this.#answers(5_000, pid))) return true;
    await this.stop();
    return false;
  }

  /**
   * Tries again for a while: a postmaster that was killed is gone before its port is free, its backends hold its shared
   * memory until they notice, and somebody may take the port before us.
   */
  async #launch(known: number): Promise<void> {
    const deadline = Date.now() + LAUNCH_PATIENCE_MS;
    for (;;) {
      const port = await freePort(known || this.#lastPort());
      if ((known === 0 || port === known) && (await this.#launched(port))) break;
      if (Date.now() > deadline)
        throw new Error(`PostgreSQL does not start on ${known || 'any port'}; its log says why: ${this.#logFile}`);
      await sleep(100);
    }
    writeFileSync(this.#portFile, `${this.#port}\n`, { mode: 0o600 });
  }

  async #launched(port: number): Promise<boolean> {
    this.#port = port;
    const settings = { ...SETTINGS, ...this.#options.settings, port: String(port) };
    const pid = await launch({
      command: this.#options.binaries.postgres,
      args: ['-D', this.#data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      cwd: this.#options.home,
      account: this.#options.account,
      logFile: this.#logFile,
    });
    if (await this.#answers(LAUNCH_PATIENCE_MS, pid)) return true;
    await end(pid, this.#data, 'SIGINT', 5_000);
    return false;
  }

  get #logFile(): string {
    return join(this.#options.home, 'postgres.log');
  }

  get #portFile(): string {
    return join(this.#options.home, 'port');
  }

  #lastPort(): number {
    return existsSync(this.#portFile) ? Number.parseInt(readFileSync(this.#portFile, 'utf8'), 10) || 0 : 0;
  }

  #password(): string {
    return readFileSync(join(this.#options.home, 'password'), 'utf8').trim();
  }

  /** A data directory is made beside its place and moved there whole: what a crash cut short is made again. */
  #initialise(): void {
    const { home, account, binaries } = this.#options;
    const making = `${this.#data}.making`;
    const passwordFile = join(home, 'password');
    rmSync(making, { recursive: true, force: true });
    mkdirSync(home, { recursive: true, mode: 0o700 });
    writeFileSync(passwordFile, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 });
    if (account !== null) for (const path of [home, passwordFile]) chownSync(path, account.uid, account.gid);
    const args = ['-D', making, '-U', 'switchboard', '-E', 'UTF8', '--locale=C', '-A', 'scram-sha-256'];
    const as = account === null ? {} : { uid: account.uid, gid: account.gid };
    const done = spawnSync(binaries.initdb, [...args, `--pwfile=${passwordFile}`], {
      cwd: home,
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      ...as,
    });
    if (done.status !== 0)
      throw new Error(`initdb failed in ${making}: ${done.error?.message ?? done.stderr.trim().slice(0, 500)}`);
    renameSync(making, this.#data);
  }

  async #createDatabase(): Promise<void> {
    const client = await this.connect('postgres');
    try {
      const { rowCount } = await client.query(`SELECT FROM pg_database WHERE datname = 'switchboard'`);
      if (rowCount === 0) await client.query('CREATE DATABASE switchboard');
    } finally {
      await client.end();
    }
  }

  /** A connection for administration. Proves first that the server is this one, by its data directory. */
  async connect(database: string): Promise<Client> {
    const client = new Client({ connectionString: this.url(database), connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    if (rows[0]?.data_directory === this.#data) return client;
    await client.end();
    throw new Error(`the server on port ${this.#port} is not the one of ${this.#data}`);
  }

  async #answers(withinMs: number, pid: number): Promise<boolean> {
    const deadline = Date.now() + withinMs;
    while (Date.now() < deadline) {
      const client = await this.connect('postgres').catch(() => null);
      if (client !== null) {
        await client.end();
        return true;
      }
      if (!runs(pid, this.#data)) return false;
      await sleep(25);
    }
    return false;
  }
}
