import { connect, type NatsConnection } from '@nats-io/transport-node';
import { BehaviorSubject, distinctUntilChanged, type Observable } from 'rxjs';
import { refusalOf, wayIn, type NatsAccess, type Refusal } from '../../../sdk/index.js';
import { Troubles } from '../telemetry/troubles.js';
import { Forbidden } from './forbidden.js';
import { greetingOf } from './server/index.js';

/** `absent`: there is no nats-server to run, events wait in the outbox. `refused`: one is there and does not take us. */
export type NatsStatus = 'connecting' | 'connected' | 'disconnected' | 'absent' | 'closed' | `refused: ${Refusal}`;

/** Where NATS is, once that is known; `null` for now: ask again. */
export type FindServers = () => Promise<readonly string[] | null>;

const RETRY_MS = 500;

/**
 * The one owner of the connection to NATS. It connects in the background and reconnects for ever: a start never waits
 * for NATS, and nothing an end user waits for needs it.
 */
export class Nats {
  readonly #find: FindServers;
  readonly #access: NatsAccess;
  readonly #forbidden = new Forbidden();
  readonly #troubles = new Troubles('Nats', {
    fails: 'NATS cannot be reached; events wait in the outbox',
    over: 'NATS is connected again',
  });
  readonly #connection = new BehaviorSubject<NatsConnection | null>(null);
  #status: NatsStatus = 'connecting';
  #detail: string | null = null;
  #beenConnected = false;
  /** The client at work, also while it looks for a server that takes it. */
  #client: NatsConnection | null = null;
  #closed = false;
  #wakeUp: (() => void) | null = null;
  #loop: Promise<void> | null = null;

  constructor(find: FindServers, access: NatsAccess = {}) {
    this.#find = find;
    this.#access = access;
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
    return this.#status === 'connected' && this.#forbidden.what !== null ? 'refused: permissions' : this.#status;
  }

  /** What was said of it last, while all is not well. */
  get detail(): string | null {
    return this.#status === 'connected' ? this.#forbidden.what : this.#detail;
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
    else await this.#client?.close();
    await this.#loop;
  }

  async #keepConnected(): Promise<void> {
    while (!this.#closed) {
      const connection = await this.#connect();
      if (connection === null) {
        await this.#pause(RETRY_MS);
        continue;
      }
      this.#failed(await this.#follow(connection));
    }
  }

  async #connect(): Promise<NatsConnection | null> {
    try {
      const servers = await this.#find();
      if (servers !== null) return await this.#open(servers);
      this.#tell('absent', null);
      this.#troubles.failed(new Error('there is no nats-server on this machine'));
    } catch (error) {
      this.#failed(error);
    }
    return null;
  }

  async #open(servers: readonly string[]): Promise<NatsConnection> {
    const options = wayIn(servers.join(','), this.#access);
    try {
      return await connect({
        ...options,
        name: 'switchboard',
        maxReconnectAttempts: -1,
        reconnectTimeWait: RETRY_MS,
        timeout: 2_000,
        pingInterval: 5_000,
        maxPingOut: 2,
      });
    } catch (error) {
      throw await truth(error, options.servers as readonly string[], this.#access);
    }
  }

  /** Tells the state of one connection until it is closed for good; answers why it was. */
  async #follow(connection: NatsConnection): Promise<Error> {
    const closed = connection.closed();
    this.#client = connection;
    if (this.#closed) await connection.close();
    else {
      void this.#watch(connection);
      this.#connected(connection);
    }
    return (await closed) ?? new Error('the connection was closed');
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const said of connection.status()) {
      if (this.#closed) return;
      if (said.type === 'error') this.#told(said.error);
      else if (said.type === 'disconnect') this.#failed(new Error('the connection was lost'));
      else if (said.type === 'reconnect') this.#connected(connection);
    }
  }

  /** Only who is not let in loses the connection by it. */
  #told(error: Error): void {
    const refusal = refusalOf(error);
    if (refusal === 'permissions') this.#forbidden.said(error);
    else if (refusal === null) this.#troubles.failed(error);
    else this.#failed(error);
  }

  #connected(connection: NatsConnection): void {
    this.#beenConnected = true;
    this.#forbidden.over();
    this.#tell('connected', connection);
    this.#troubles.over();
  }

  #failed(error: unknown): void {
    if (this.#closed) return;
    const refusal = refusalOf(error);
    this.#detail = error instanceof Error ? error.message : String(error);
    this.#tell(refusal !== null ? `refused: ${refusal}` : this.#beenConnected ? 'disconnected' : 'connecting', null);
    this.#troubles.failed(error, { nats: this.#status });
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

/**
 * Of a server that hangs up in the midst of its greeting the client only says that time ran out; the greeting tells what
 * it wanted.
 */
async function truth(error: unknown, servers: readonly string[], access: NatsAccess): Promise<unknown> {
  if (!(error instanceof Error) || error.name !== 'TimeoutError') return error;
  for (const server of servers) {
    const { hostname, port } = new URL(`nats://${server}`);
    const said = await greetingOf(hostname.replaceAll(/[[\]]/g, ''), Number(port));
    if (said?.refusal) return new Error(said.refusal, { cause: error });
    if (said?.tls_verify && access.certFile === undefined)
      return new Error('NATS asks for a certificate of its clients (NATS_CERT_FILE)', { cause: error });
    if (said?.tls_verify) return new Error('NATS does not take our certificate (NATS_CERT_FILE)', { cause: error });
  }
  return error;
}
