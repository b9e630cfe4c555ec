import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Config } from '../config/index.js';
import { claim } from '../process/index.js';
import { migrationsDir } from '../root.js';
import { withCauses } from '../telemetry/errors.js';
import { Troubles } from '../telemetry/troubles.js';
import { Db } from './db.js';
import { embeddedCluster, type Cluster } from './embedded/index.js';
import { migrate } from './migrator.js';
import { isOutage } from './outage.js';
import { requireBound } from './role.js';
import { requireSessions } from './sessions.js';

const PATIENCE_MS = 60_000;
const WATCH_MS = 1_000;

/**
 * The PostgreSQL this process works on: a server that was there, or one of our own that we start, watch and stop.
 * Stopped last: the drain still writes.
 */
export class Store {
  readonly #troubles = new Troubles(Store.name, {
    fails: 'our own PostgreSQL died and does not start; it is tried again',
    over: 'our own PostgreSQL runs again',
  });
  readonly #cluster: Cluster | null;
  readonly #release: () => void;
  #watching: NodeJS.Timeout | null = null;
  #reviving: Promise<unknown> | null = null;

  private constructor(
    readonly url: string,
    cluster: Cluster | null,
    release: () => void = () => undefined,
  ) {
    this.#cluster = cluster;
    this.#release = release;
    if (cluster !== null) this.#watch(cluster);
  }

  /** Starts or reaches PostgreSQL and brings its schema up to date. Throws with one clear line. */
  static async open(config: Config, say: (line: string) => void): Promise<Store> {
    if (config.databaseUrl !== null) {
      await reach(config.databaseUrl, config, say);
      return new Store(config.databaseUrl, null);
    }
    const release = claim(join(config.dataDir, 'postgres.claim'), `the data directory ${config.dataDir}`);
    const cluster = embeddedCluster(config.dataDir, say);
    try {
      await cluster.start();
      await migrate(cluster.url(), migrationsDir, { say, config });
      await requireBound(cluster.url());
    } catch (error) {
      // Nothing of a start that failed stays behind.
      await cluster.stop().catch(() => undefined);
      release();
      throw error;
    }
    return new Store(cluster.url(), cluster, release);
  }

  /** `null`: a server that was there. */
  get embedded(): { readonly port: number; readonly dataDirectory: string } | null {
    return this.#cluster;
  }

  openDb(): Db {
    return new Db(this.url);
  }

  /** Stops our own server; one that was there stays. */
  async stop(): Promise<void> {
    if (this.#watching !== null) clearInterval(this.#watching);
    await this.#reviving;
    await this.#cluster?.stop();
    this.#release();
  }

  /** A server of ours that dies under us is started again, on the port everybody knows. */
  #watch(cluster: Cluster): void {
    const { port } = cluster;
    this.#watching = setInterval(() => {
      if (this.#reviving !== null || cluster.pid !== null) return;
      this.#troubles.failed(new Error('it is gone'));
      this.#reviving = cluster
        .start(port)
        .then(
          () => this.#troubles.over(),
          (error: unknown) => this.#troubles.failed(error),
        )
        .finally(() => (this.#reviving = null));
    }, WATCH_MS);
    this.#watching.unref();
  }
}

/** A server that is starting is waited for; one that refuses us is not. */
async function reach(url: string, config: Config, say: (line: string) => void): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await requireSessions(url);
      await migrate(url, migrationsDir, { say, config });
      await requireBound(url);
      return;
    } catch (error) {
      if (!isOutage(error) || Date.now() > deadline) throw error;
      if (attempt === 1) say(`waiting for PostgreSQL (DATABASE_URL): ${withCauses(error)}`);
      await sleep(500);
    }
  }
}
