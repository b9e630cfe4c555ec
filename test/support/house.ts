import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readiness } from '../../src/platform/telemetry/index.js';
import { LogLines, type LogLine } from './log-lines.js';
import { ServerProcess } from './process.js';
import { testDatabase, type TestDatabase } from './servers.js';

/** The built server with a database of its own, on somebody else's NATS: what it says in health, figures and log. */
export class House {
  private constructor(
    readonly database: TestDatabase,
    private readonly server: ServerProcess,
    private readonly log: LogLines,
    private readonly dataDir: string,
  ) {}

  static async start(settings: Readonly<Record<string, string>>): Promise<House> {
    const dataDir = mkdtempSync(join(tmpdir(), 'switchboard-house-'));
    const database = await testDatabase();
    const log = new LogLines();
    const env = { DATABASE_URL: database.url, SWITCHBOARD_DATA_DIR: dataDir, ...settings };
    const server = await ServerProcess.start(env, log.take);
    return new House(database, server, log, dataDir);
  }

  async health(): Promise<Readiness> {
    const response = await fetch(`${this.server.url}/health/ready`);
    return (await response.json()) as Readiness;
  }

  /** The value of a figure without labels. */
  async figure(name: string): Promise<number> {
    const text = await (await fetch(`${this.server.url}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  }

  /** What the connection to NATS and the relay logged. */
  get told(): readonly LogLine[] {
    return this.log.lines.filter(({ context }) => context === 'Nats' || context === 'OutboxRelay');
  }

  async stop(): Promise<void> {
    await this.server.kill('SIGTERM');
    await this.database.drop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
