import { setTimeout as pause } from 'node:timers/promises';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { NatsAccess } from './access-options.js';
import { wayIn } from './access.js';
import { refusalOf } from './refusals.js';

/** The connection to NATS at this moment, `null` while there is none. Asked again and again: nobody waits for NATS. */
export type ConnectionSource = () => NatsConnection | null;

export interface OwnConnection {
  readonly source: ConnectionSource;
  close(): Promise<void>;
}

/** How to get in, and what to say meanwhile. */
export interface ConnectSettings extends NatsAccess {
  /** Who we are, in what NATS shows of its connections. */
  readonly name?: string;
  /** It cannot be reached or refuses us: told once for each reason, until it is connected. Default: a line on standard error. */
  readonly onTrouble?: (error: unknown) => void;
}

const RETRY_MS = 1_000;
const CLOSE_MS = 2_000;

/**
 * Connects in the background and reconnects for ever. `servers` as NATS writes them: `nats://127.0.0.1:4222`,
 * `tls://user:password@a.example,tls://user:password@b.example`. Throws where the settings contradict each other.
 */
export function connectTo(servers: string, settings: string | ConnectSettings = {}): OwnConnection {
  const given = typeof settings === 'string' ? { name: settings } : settings;
  const { name = 'switchboard consumer', onTrouble = (error) => say(name, error), ...access } = given;
  wayIn(servers, access);
  const reasons = new Reasons(onTrouble);
  let connection: NatsConnection | null = null;
  let closed = false;
  let retry: NodeJS.Timeout | null = null;

  const attempt = async (): Promise<void> => {
    const made = await open(servers, access, name).catch((error: unknown) => reasons.failed(error));
    if (closed) return made?.close();
    if (made) void follow(made);
    else retry = setTimeout(() => void attempt(), RETRY_MS);
  };
  /** The client gives up for good when it is refused twice; we do not. */
  const follow = async (made: NatsConnection): Promise<void> => {
    connection = made;
    reasons.over();
    void listen(made, reasons);
    const why = await made.closed();
    if (closed) return;
    if (why) reasons.failed(why);
    retry = setTimeout(() => void attempt(), RETRY_MS);
  };
  void attempt();

  return {
    source: () => connection,
    close: async () => {
      closed = true;
      if (retry !== null) clearTimeout(retry);
      if (connection === null) return;
      // A client that finds no server would drain for ever.
      await Promise.race([connection.drain().catch(() => undefined), pause(CLOSE_MS, undefined, { ref: false })]);
      await connection.close();
    },
  };
}

async function open(servers: string, access: NatsAccess, name: string): Promise<NatsConnection> {
  return connect({
    ...wayIn(servers, access),
    name,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RETRY_MS,
    // Whoever accepts and says nothing is not NATS; a silent link is dead after two pings.
    timeout: 2_000,
    pingInterval: 5_000,
    maxPingOut: 2,
  });
}

async function listen(connection: NatsConnection, reasons: Reasons): Promise<void> {
  for await (const said of connection.status()) {
    if (said.type === 'error') reasons.failed(said.error);
    if (said.type === 'reconnect') reasons.over();
  }
}

/** Tells each reason once, however often it comes, until all is well again. */
class Reasons {
  readonly #told = new Set<string>();

  constructor(private readonly tell: (error: unknown) => void) {}

  failed(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (this.#told.has(reason)) return;
    this.#told.add(reason);
    this.tell(error);
  }

  over(): void {
    this.#told.clear();
  }
}

function say(name: string, error: unknown): void {
  const refusal = refusalOf(error);
  const why = error instanceof Error ? error.message : String(error);
  const what = refusal === null ? 'NATS cannot be reached' : `NATS refuses it (${refusal})`;
  process.stderr.write(`${name}: ${what}: ${why}\n`);
}
