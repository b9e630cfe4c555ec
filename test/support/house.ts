import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readiness } from '../../src/platform/telemetry/index.js';
import { LogLines, type LogLine } from './log-lines.js';
import { open } from './outbox-load.js';
import { ServerProcess } from './process.js';
import { testDatabase, type TestDatabase } from './servers.js';
import { until } from './until.js';

const OF_NATS = ['Nats', 'OutboxRelay', 'EventConsumers'];

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
    await until(() => hasDays(database.url), { what: 'the days of the outbox' });
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

  /** What it logged of NATS. */
  get told(): readonly LogLine[] {
    return this.log.lines.filter(({ context }) => OF_NATS.includes(String(context)));
  }

  async stop(): Promise<void> {
    await this.server.kill('SIGTERM');
    await this.database.drop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** Today and three more are made at the start: whoever writes beside the server would be refused in the midst of it. */
async function hasDays(url: string): Promise<boolean> {
  const client = await open(url);
  const { rows } = await client.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_inherits WHERE inhparent = 'outbox'::regclass
     AND inhrelid::regclass::text ~ '^outbox_\\d{8}$'`,
  );
  await client.end();
  return (rows[0]?.n ?? 0) >= 4;
}
