import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AppModule } from '../../src/app.module.js';
import { configureApp } from '../../src/configure-app.js';
import { Config, loadConfig } from '../../src/platform/config/index.js';
import { fastifyAdapter } from '../../src/platform/http/index.js';
import { Drain, type DrainEnd } from '../../src/platform/lifecycle/index.js';
import { testDatabase, testNats } from './servers.js';
import { watchAnswers } from './watch-answers.js';

export interface AppOverrides {
  /** Environment variables, as an operator would set them. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Called before it listens: to add routes or stop steps of a spec. */
  readonly prepare?: (app: NestFastifyApplication) => void;
}

export interface StartedApp {
  readonly url: string;
  /** An account key that may do everything an account may. */
  readonly accountKey: { readonly id: string; readonly secret: string };
  readonly app: NestFastifyApplication;
  /**
   * Drains as SIGTERM does, and removes the database. Once; later calls answer the same. Rejects when any answer was
   * not as the facts of the public API say.
   */
  close(): Promise<DrainEnd>;
}

/** The real application on a free loopback port, with a database of its own and the nats-server of the run. */
export async function startApp({ settings = {}, prepare }: AppOverrides = {}): Promise<StartedApp> {
  const dataDir = mkdtempSync(join(tmpdir(), 'switchboard-app-'));
  const database = settings['DATABASE_URL'] === undefined ? await testDatabase() : null;
  const accountKey = { id: `act_${randomBytes(12).toString('hex')}`, secret: randomBytes(24).toString('hex') };
  const config = loadConfig({
    PORT: '0',
    SWITCHBOARD_DATA_DIR: dataDir,
    SWITCHBOARD_DEMO: 'off',
    SWITCHBOARD_LOG_LEVEL: 'silent',
    SWITCHBOARD_ACCOUNT_KEY: `${accountKey.id}:${accountKey.secret}`,
    NATS_URL: testNats().url,
    ...(database && { DATABASE_URL: database.url }),
    ...settings,
  });
  let wrong: readonly string[] = [];
  const app = await appWith(config, (made) => {
    wrong = watchAnswers(made);
    prepare?.(made);
  });
  let closed: Promise<DrainEnd> | undefined;
  const close = async (): Promise<DrainEnd> => {
    const end = await app.get(Drain).run(config.drainSeconds * 1000);
    await database?.drop();
    rmSync(dataDir, { recursive: true, force: true });
    if (wrong.length > 0) throw new Error(`answers that are not as the API's facts say:\n${wrong.join('\n')}`);
    return end;
  };
  return { url: await app.getUrl(), accountKey, app, close: () => (closed ??= close()) };
}

async function appWith(
  config: Config,
  prepare: (app: NestFastifyApplication) => void,
): Promise<NestFastifyApplication> {
  const testing = await Test.createTestingModule({ imports: [AppModule] })
    .overrideProvider(Config)
    .useValue(config)
    .compile();
  const app = testing.createNestApplication<NestFastifyApplication>(fastifyAdapter(config), { bodyParser: false });
  configureApp(app);
  prepare(app);
  await app.listen(config.port, config.host);
  return app;
}
