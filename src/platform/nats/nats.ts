import { connect, type NatsConnection } from '@nats-io/transport-node';
import { BehaviorSubject, distinctUntilChanged, type Observable } from 'rxjs';
import { Troubles } from '../telemetry/troubles.js';

/** `absent`: there is no nats-server to run, events wait in the outbox. */
export type NatsStatus = 'connecting' | 'connected' | 'disconnected' | 'absent' | 'closed';

/** Where NATS is, once that is known; `null` for now: ask again. */
export type FindServers = () => Promise<readonly string[] | null>;

const RETRY_MS = 500;

/**
 * The one owner of the connection to NATS. It connects in the background and reconnects for ever: a start never waits
 * for NATS, and nothing an end user waits for needs it.
 */
export class Nats {
  readonly #find: FindServers;
  readonly #troubles = new Troubles('Nats', {
    fails: 'NATS cannot be reached; events wait in the outbox',
    over: 'NATS is connected again',
  });
  readonly #connection = new BehaviorSubject<NatsConnection | null>(null);
  #status: NatsStatus = 'connecting';
  #closed = false;
  #wakeUp: (() => void) | null = null;
  #loop: Promise<void> | null = null;

  constructor(find: FindServers) {
    this.#find = find;
  }

  /**
   * The connection while it is connected, else `null`; replays the present one. The same object may come back after a
   * `null`: the client reconnected by itself, and what the server knew may be gone.
   */
  get connection$(): Observable<NatsConnection | null> {
    return this.#connection.pipe(distinctUntilChanged());
  }

  /** The connection now, `null` when there is none. */
  get connection(): NatsConnection | null {
    return this.#connection.value;
  }

  get status(): NatsStatus {
    return this.#status;
  }

  /** Begins to connect, and returns at once. */
  start(): void {
    this.#loop ??= this.#keepConnected();
  }

  /** Sends what is buffered, then closes for good; gives up after `withinMs`. */
  async close(withinMs = 2_000): Promise<void> {
    this.#closed = true;
    this.#wakeUp?.();
    const connection = this.#connection.value;
    this.#tell('closed', null);
    if (connection !== null) await closeWithin(connection, withinMs);
    await this.#loop;
  }

  async #keepConnected(): Promise<void> {
    while (!this.#closed) {
      const connection = await this.#connect();
      if (connection === null) {
        await this.#pause(RETRY_MS);
        continue;
      }
      await this.#follow(connection);
      this.#tell('disconnected', null);
      if (!this.#closed) this.#troubles.failed(new Error('the connection was closed'));
    }
  }

  async #connect(): Promise<NatsConnection | null> {
    try {
      const servers = await this.#find();
      if (servers === null) {
        this.#tell('absent', null);
        this.#troubles.failed(new Error('there is no nats-server on this machine'));
        return null;
      }
      return await connect({
        servers: [...servers],
        name: 'switchboard',
        maxReconnectAttempts: -1,
        reconnectTimeWait: RETRY_MS,
        timeout: 2_000,
        pingInterval: 5_000,
        maxPingOut: 2,
      });
    } catch (error) {
      this.#tell(this.#status === 'connecting' ? 'connecting' : 'disconnected', null);
      if (!this.#closed) this.#troubles.failed(error);
      return null;
    }
  }

  /** Tells the state of one connection until it is closed for good. */
  async #follow(connection: NatsConnection): Promise<void> {
    if (this.#closed) {
      await connection.close();
      return;
    }
    const closed = connection.closed();
    void this.#watch(connection);
    this.#tell('connected', connection);
    this.#troubles.over();
    await closed;
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const said of connection.status()) {
      if (this.#closed) return;
      if (said.type === 'error') this.#troubles.failed(said.error);
      if (said.type === 'disconnect') {
        this.#tell('disconnected', null);
        this.#troubles.failed(new Error('the connection was lost'));
      } else if (said.type === 'reconnect') {
        this.#tell('connected', connection);
        this.#troubles.over();
      }
    }
  }

  #tell(status: NatsStatus, connection: NatsConnection | null): void {
    this.#status = this.#closed ? 'closed' : status;
    const next = this.#closed ? null : connection;
    if (this.#connection.value !== next) this.#connection.next(next);
  }

  /** Waits, or until we are closed. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

async function closeWithin(connection: NatsConnection, withinMs: number): Promise<void> {
  const late = setTimeout(() => void connection.close(), withinMs);
  await connection.drain().catch(() => undefined);
  clearTimeout(late);
  await connection.close();
}
