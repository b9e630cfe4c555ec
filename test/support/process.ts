import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../src/platform/process/index.js';
import { until } from './until.js';

const MAIN = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));

export interface FailedStart {
  readonly code: number | null;
  readonly output: string;
}

/** The built server as a process of its own, on a port that stays the same over restarts. */
export class ServerProcess {
  private child: ChildProcess | null = null;
  /** The end of what it printed, for the message of a failed test. */
  output = '';
  /** Called with each line of its standard output, whole. */
  onLine: (line: string) => void = () => undefined;

  private constructor(
    readonly port: number,
    private readonly env: Record<string, string>,
  ) {}

  static async start(env: Record<string, string>, onLine?: (line: string) => void): Promise<ServerProcess> {
    const server = new ServerProcess(await freePort(), env);
    if (onLine) server.onLine = onLine;
    await server.restart();
    return server;
  }

  /** For a start that is to fail: what it printed, and the code it ended with. */
  static async failing(env: Record<string, string>, onLine?: (line: string) => void): Promise<FailedStart> {
    const server = new ServerProcess(await freePort(), env);
    if (onLine) server.onLine = onLine;
    server.spawn();
    const [code] = (await once(server.child as ChildProcess, 'close')) as [number | null];
    return { code, output: server.output };
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
    createInterface({ input: child.stdout }).on('line', (line) => this.onLine(line));
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
