import type { NatsAccess } from '../../../sdk/index.js';

/**
 * Every setting of the process, validated once at start; the only other place that knows names of environment
 * variables is `config/`, where each has its sentence. Injected by type.
 */
export abstract class Config {
  abstract readonly host: string;
  abstract readonly port: number;
  /** Without a slash at the end; `null`: where it listens. */
  abstract readonly publicUrl: string | null;
  abstract readonly dataDir: string;
  /** `null`: start a PostgreSQL of our own in `dataDir`. */
  abstract readonly databaseUrl: string | null;
  /** `null`: start a nats-server of our own. */
  abstract readonly natsUrl: string | null;
  /** How to get into the NATS of `natsUrl`, beside what the URL says. */
  abstract readonly natsAccess: NatsAccess;
  abstract readonly stream: StreamLimits;
  /** What this process does; all by default, so that one process is a whole switchboard. */
  abstract readonly roles: ReadonlySet<Role>;
  abstract readonly accountKey: { readonly id: string; readonly secret: string } | null;
  abstract readonly demo: boolean;
  abstract readonly webhooks: WebhookConfig;
  abstract readonly ledger: LedgerConfig;
  /** 32 bytes; from a setting or made in the data directory. */
  abstract readonly masterKey: Buffer;
  abstract readonly logLevel: string;
  /** By how much `nbf` and `exp` of a token may be missed. */
  abstract readonly tokenLeewaySeconds: number;
  /** Ranges of proxies whose `X-Forwarded-*` is believed, as CIDRs. */
  abstract readonly trustProxy: readonly string[];
  /** Wrong credentials by one address; 0: no limit. */
  abstract readonly guessesPerMinute: number;
  /** Times may be as short as a second, for trials. */
  abstract readonly trialTimes: boolean;
  /** Calls of one end user in a minute; 0: no limit. */
  abstract readonly userCallsPerMinute: number;
  /** Conversations that one end user may open; 0: no limit. */
  abstract readonly conversationsPerMinute: number;
  /** Seconds from SIGTERM to a hard stop. */
  abstract readonly drainSeconds: number;
}

export type Role = 'api' | 'relay' | 'lanes' | 'timers' | 'csat' | 'routing';

/** `null`: ours where we make the stream; one that is there keeps its own. */
export interface StreamLimits {
  readonly replicas: number | null;
  readonly maxAgeHours: number | null;
  readonly maxBytes: number | null;
}

export interface WebhookConfig {
  /** Private or loopback ranges that webhooks may reach, as CIDRs. */
  readonly allow: readonly string[];
  readonly timeoutMs: number;
  /** Waits before each attempt: the first is 0; five attempts in 15 minutes (`docs/wire.md` 8). */
  readonly retryDelaysMs: readonly number[];
  readonly maxInFlight: number;
}

export interface LedgerConfig {
  /** Writer connections. */
  readonly writers: number;
  readonly maxGroup: number;
  readonly maxGroupBytes: number;
  readonly maxWaitingPerCaller: number;
  readonly maxQueued: number;
  readonly leaseSeconds: number;
}
