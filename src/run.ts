import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { banner, DemoGuides } from './banner.js';
import { configureApp } from './configure-app.js';
import { Config, environment, loadConfig } from './platform/config/index.js';
import { fastifyAdapter } from './platform/http/index.js';
import { Drain, present } from './platform/lifecycle/index.js';
import { Nats, NatsServer } from './platform/nats/index.js';
import { Store } from './platform/postgres/index.js';
import { Log } from './platform/telemetry/index.js';

/** Starts the server, says that it is ready, and stops it when it is told to. */
export async function run(): Promise<void> {
  const config = loadConfig(environment);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule, fastifyAdapter(config), {
    bodyParser: false,
    // From the first line on: a buffer would keep what a failed start said, and whatever nobody flushes.
    logger: new Log(config),
    abortOnError: false,
  });
  configureApp(app);
  stopOnSignals(app);
  const { host, port } = app.get(Config);
  await listen(app, port, host);
  process.stdout.write(`${banner(await standing(app))}\n`);
}

/** A port that is taken ends the start: what was started with it is stopped, and nothing of ours stays behind. */
async function listen(app: NestFastifyApplication, port: number, host: string): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    await app.get(Drain).run(app.get(Config).drainSeconds * 1000);
    throw error;
  }
}

async function standing(app: NestFastifyApplication): Promise<Parameters<typeof banner>[0]> {
  const { dataDir } = app.get(Config);
  const ownPostgres = app.get(Store).embedded;
  return {
    url: await app.getUrl(),
    dataDir,
    postgres:
      ownPostgres === null
        ? 'DATABASE_URL'
        : `our own on port ${ownPostgres.port}, for trying out: production sets DATABASE_URL`,
    nats: natsStanding(app),
    demo: (await present(app, DemoGuides)?.guide()) ?? null,
  };
}

function natsStanding(app: NestFastifyApplication): string {
  const { status } = app.get(Nats);
  const own = app.get(NatsServer).embedded;
  const where = own === null ? 'NATS_URL' : `our own, ${own.url ?? 'not there yet'}`;
  return status === 'connected' ? where : `${where}, ${status}: events wait in the outbox`;
}

/** The drain decides when the process ends, not the first signal; a second one changes nothing. */
function stopOnSignals(app: NestFastifyApplication): void {
  const stop = async (): Promise<void> => {
    const { drainSeconds } = app.get(Config);
    const end = await app.get(Drain).run(drainSeconds * 1000);
    if (end.outcome === 'forced') process.stderr.write(`stopped at the deadline without: ${end.left.join(', ')}\n`);
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop());
  process.on('SIGINT', () => void stop());
}
