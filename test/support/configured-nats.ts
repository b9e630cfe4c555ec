import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { greetingOf } from '../../src/platform/nats/server/index.js';
import { freePort } from '../../src/platform/process/index.js';
import { given, ownFolder } from './servers.js';
import { until } from './until.js';

/** What a company writes into the configuration of its nats-server, beside the port and the place of its files. */
export interface NatsConfiguration {
  readonly name?: string;
  /** What stands within `jetstream { }`. */
  readonly jetstream?: string;
  readonly more?: string;
}

/** A nats-server as somebody else set it up: with users, certificates, limits, in a cluster. */
export class ConfiguredNats {
  #child: ChildProcess | null = null;

  private constructor(
    readonly folder: string,
    readonly port: number,
  ) {}

  static async start(configuration: NatsConfiguration, port?: number): Promise<ConfiguredNats> {
    const server = new ConfiguredNats(ownFolder('configured-nats'), port ?? (await freePort()));
    await server.restart(configuration);
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** The URL with a user, a password, or whatever comes before the `@`. */
  urlOf(login: string): string {
    return `nats://${login}@127.0.0.1:${this.port}`;
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.#child?.kill(signal);
  }

  /** Stops it if it runs, and starts it over the same data. It greets at the same port when this resolves. */
  async restart(configuration: NatsConfiguration): Promise<void> {
    await this.stopped();
    const config = join(this.folder, 'nats-server.conf');
    writeFileSync(config, this.#text(configuration));
    const child = spawn(given('TEST_NATS_SERVER'), ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child = child;
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
    const greets = async (): Promise<boolean> => {
      if (child.exitCode !== null) return true;
      return (await greetingOf('127.0.0.1', this.port)) !== null;
    };
    await until(greets, { what: 'the nats-server to greet' });
    if (child.exitCode !== null) throw new Error(`nats-server ended with ${child.exitCode}: ${said}`);
  }

  async stopped(): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGCONT');
    child.kill('SIGKILL');
    await ended;
  }

  /** Stops it for good and removes its data. */
  async stop(): Promise<void> {
    await this.stopped();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #text({ name = 'configured', jetstream = '', more = '' }: NatsConfiguration): string {
    return `
server_name: ${JSON.stringify(name)}
host: "127.0.0.1"
port: ${this.port}
pid_file: ${JSON.stringify(join(this.folder, 'nats.pid'))}
jetstream { store_dir: ${JSON.stringify(this.folder)}
${jetstream}
}
${more}
`;
  }
}
