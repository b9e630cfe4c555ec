import { join } from 'node:path';
import { claim } from '../process/index.js';
import { Troubles } from '../telemetry/troubles.js';
import { INSTALL_COMMAND, NatsProcess, findNatsServer } from './server/index.js';

const WATCH_MS = 1_000;

/**
 * The nats-server of a data directory: found on this machine, else asked for with the exact command and looked for
 * until it appears. Started, watched and stopped by us.
 */
export class EmbeddedNats {
  readonly #troubles = new Troubles(EmbeddedNats.name, {
    fails: 'our own nats-server died and does not start; it is tried again',
    over: 'our own nats-server runs again',
  });
  readonly #dataDir: string;
  readonly #release: () => void;
  readonly #say: (line: string) => void;
  #process: NatsProcess | null = null;
  #asked = false;
  #stopped = false;
  #starting: Promise<unknown> = Promise.resolve();
  #watching: NodeJS.Timeout | null = null;

  /** Throws `ClaimedError` when another process runs the one of this data directory. */
  constructor(dataDir: string, say: (line: string) => void) {
    this.#release = claim(join(dataDir, 'nats.claim'), `the data directory ${dataDir}`);
    this.#dataDir = dataDir;
    this.#say = say;
  }

  /** Where it listens, starting it first; `null` while this machine has no nats-server. */
  async servers(): Promise<readonly string[] | null> {
    if (this.#process === null) await this.#begin();
    return this.#process === null ? null : [this.#process.url];
  }

  get url(): string | null {
    return this.#process?.url ?? null;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#watching !== null) clearInterval(this.#watching);
    await this.#starting.catch(() => undefined);
    await this.#process?.stop();
    this.#release();
  }

  async #begin(): Promise<void> {
    const command = findNatsServer();
    if (command === null) {
      this.#ask();
      return;
    }
    if (this.#stopped) return;
    const server = new NatsProcess({ command, home: join(this.#dataDir, 'nats'), name: 'switchboard' });
    this.#starting = server.start();
    await this.#starting;
    this.#process = server;
    this.#say(`nats-server with JetStream listens on ${server.url}`);
    this.#watch(server);
  }

  #ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    this.#say(`there is no nats-server here; events wait in the outbox until there is. Install it: ${INSTALL_COMMAND}`);
  }

  /** A server of ours that dies under us is started again, on the port everybody knows. */
  #watch(server: NatsProcess): void {
    let busy = false;
    this.#watching = setInterval(() => {
      if (busy || this.#stopped || server.pid !== null) return;
      busy = true;
      this.#troubles.failed(new Error('it is gone'));
      this.#starting = server
        .start(server.port)
        .then(
          () => this.#troubles.over(),
          (error: unknown) => this.#troubles.failed(error),
        )
        .finally(() => (busy = false));
    }, WATCH_MS);
    this.#watching.unref();
  }
}
