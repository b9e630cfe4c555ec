import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What an example wrote: one line for each event it acted on. */
export interface Act {
  readonly eventId: string;
  readonly sessionId?: string;
}

/** One of the consumers in `sdk/examples`, built, as the process of an outsider; what it did lies in a file. */
export class ExampleProcess {
  #child: ChildProcess | null = null;
  output = '';

  constructor(
    private readonly name: 'csat' | 'routing',
    private readonly natsUrl: string,
    private readonly file: string,
  ) {}

  start(): void {
    const main = fileURLToPath(new URL(`../../dist/sdk/examples/${this.name}.js`, import.meta.url));
    const child = spawn(process.execPath, ['--enable-source-maps', main], {
      env: {
        PATH: process.env['PATH'] ?? '',
        NATS_URL: this.natsUrl,
        SURVEYS_FILE: this.file,
        BOARD_FILE: this.file,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-8_000)));
    this.#child = child;
  }

  get running(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves when it has ended. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (!child || !this.running) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  acts(): readonly Act[] {
    if (!existsSync(this.file)) return [];
    const lines = readFileSync(this.file, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Act);
  }
}
