import { connect, type NatsConnection } from '@nats-io/transport-node';

/** The connection to NATS at this moment, `null` while there is none. Asked again and again: nobody waits for NATS. */
export type ConnectionSource = () => NatsConnection | null;

export interface OwnConnection {
  readonly source: ConnectionSource;
  close(): Promise<void>;
}

const RETRY_MS = 1_000;

/** Connects in the background and reconnects for ever. `servers` as NATS writes them: `nats://127.0.0.1:4222`. */
export function connectTo(servers: string, name = 'switchboard consumer'): OwnConnection {
  let connection: NatsConnection | null = null;
  let closed = false;
  let retry: NodeJS.Timeout | null = null;

  const attempt = async (): Promise<void> => {
    const options = {
      servers: servers.split(','),
      name,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RETRY_MS,
      // Whoever accepts and says nothing is not NATS; a silent link is dead after two pings.
      timeout: 2_000,
      pingInterval: 5_000,
      maxPingOut: 2,
    };
    const made = await connect(options).catch(() => null);
    if (made === null) {
      if (!closed) retry = setTimeout(() => void attempt(), RETRY_MS);
      return;
    }
    if (closed) await made.close();
    else connection = made;
  };
  void attempt();

  return {
    source: () => connection,
    close: async () => {
      closed = true;
      if (retry !== null) clearTimeout(retry);
      await connection?.drain().catch(() => undefined);
    },
  };
}
