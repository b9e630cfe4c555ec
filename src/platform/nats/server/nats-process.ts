import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { end, freePort, launch, readPid, runs } from '../../process/index.js';
import { root } from '../../root.js';
import { greetingOf } from './greeting.js';

export interface NatsProcessOptions {
  readonly command: string;
  /** Where it lives: its configuration, pid, log and streams. */
  readonly home: string;
  /** Its server name, by which it proves to be ours. */
  readonly name: string;
}

/** JetStream reads its streams before it answers. */
const LAUNCH_PATIENCE_MS = 15_000;

/** One nats-server of our own with JetStream: a process beside us, on a loopback port, without credentials. */
export class NatsProcess {
  readonly #options: NatsProcessOptions;
  #port = 0;

  constructor(options: NatsProcessOptions) {
    this.#options = options;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.#port}`;
  }

  get pid(): number | null {
    const pid = readPid(this.#file('nats.pid'));
    return pid !== null && runs(pid, this.#configFile) ? pid : null;
  }

  /**
   * Adopts the server that an earlier process left running, else starts one. A given `port`, or the one this object told
   * somebody before, is the one it has, or this throws. Else it takes that of last time where it is free.
   */
  async start(port = this.#port): Promise<'adopted' | 'started'> {
    mkdirSync(this.#options.home, { recursive: true, mode: 0o700 });
    if (await this.#adopt()) return 'adopted';
    await this.#launch(port);
    return 'started';
  }

  async stop(): Promise<void> {
    const pid = this.pid;
    if (pid !== null) await end(pid, this.#configFile, 'SIGTERM', 10_000);
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
    if (this.#port !== 0 && (await this.#answers(3_000, pid))) return true;
    await this.stop();
    return false;
  }

  /** Tries again for a while: one that was killed is gone before its port is free, and somebody may take it before us. */
  async #launch(known: number): Promise<void> {
    const deadline = Date.now() + LAUNCH_PATIENCE_MS;
    for (;;) {
      const port = await freePort(known || this.#lastPort());
      if ((known === 0 || port === known) && (await this.#launched(port))) return;
      if (Date.now() > deadline)
        throw new Error(
          `nats-server does not start on ${known || 'any port'}; its log says why: ${this.#file('nats.log')}`,
        );
      await sleep(100);
    }
  }

  async #launched(port: number): Promise<boolean> {
    this.#port = port;
    const template = readFileSync(join(root, 'config', 'nats-server.conf'), 'utf8');
    const { home, name, command } = this.#options;
    const values = { home, name, port, pidFile: this.#file('nats.pid') };
    writeFileSync(this.#configFile, filled(template, values));
    writeFileSync(this.#file('port'), `${port}\n`);
    const pid = await launch({
      command,
      args: ['-c', this.#configFile],
      cwd: home,
      account: null,
      logFile: this.#file('nats.log'),
    });
    if (await this.#answers(LAUNCH_PATIENCE_MS, pid)) return true;
    await end(pid, this.#configFile, 'SIGTERM', 5_000);
    return false;
  }

  /** Whether the server on the port greets with our name and JetStream; it says so before any command. */
  async #answers(withinMs: number, pid: number): Promise<boolean> {
    const deadline = Date.now() + withinMs;
    while (Date.now() < deadline) {
      const info = await greetingOf('127.0.0.1', this.#port);
      if (info !== null && info.server_name === this.#options.name && info.jetstream === true) return true;
      if (!runs(pid, this.#configFile)) return false;
      await sleep(25);
    }
    return false;
  }

  get #configFile(): string {
    return this.#file('nats-server.conf');
  }

  #file(name: string): string {
    return join(this.#options.home, name);
  }

  #lastPort(): number {
    const file = this.#file('port');
    return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) || 0 : 0;
  }
}

function filled(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`config/nats-server.conf asks for an unknown {{${name}}}`);
    return JSON.stringify(value);
  });
}
