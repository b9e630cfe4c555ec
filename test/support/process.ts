import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { until } from './until.js';

const MAIN = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));

/** The built server as a process of its own, on a port that stays the same over restarts. */
export class ServerProcess {
  private child: ChildProcess | null = null;
  /** Everything it printed, for the message of a failed test. */
  output = '';

  private constructor(
    readonly port: number,
    private readonly env: Record<string, string>,
  ) {}

  static async start(env: Record<string, string>): Promise<ServerProcess> {
    const server = new ServerProcess(await freePort(), env);
    await server.restart();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** Starts it, and waits until it says it is ready. */
  async restart(): Promise<void> {
    this.spawn();
    await until(() => this.ready(), { timeoutMs: 30_000, what: `the server on ${this.port} to be ready` }).catch(
      (error: Error) => {
        throw new Error(`${error.message}\n${this.output.slice(-4000)}`);
      },
    );
  }

  /** Sends a signal and waits for the end; the exit code, or `null` when the signal killed it. */
  async kill(signal: NodeJS.Signals): Promise<number | null> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = once(child, 'exit');
    child.kill(signal);
    const [code] = (await ended) as [number | null];
    return code;
  }

  private spawn(): void {
    const child = spawn(process.execPath, ['--enable-source-maps', MAIN], {
      env: { PATH: process.env['PATH'] ?? '', PORT: String(this.port), SWITCHBOARD_DEMO: 'off', ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (chunk: Buffer) => {
      this.output = (this.output + chunk.toString()).slice(-20_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    this.child = child;
  }

  private async ready(): Promise<boolean> {
    const { child } = this;
    if (!child || child.exitCode !== null) throw new Error(`the server ended with code ${child?.exitCode}`);
    return fetch(`${this.url}/health/ready`).then(
      (response) => response.ok,
      () => false,
    );
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
