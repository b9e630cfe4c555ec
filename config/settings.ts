/**
 * Every setting of Switchboard: its name in the environment, its default and what it is for. This list is the only
 * one: the program reads its settings through it and refuses a `SWITCHBOARD_` name that is not on it.
 *
 * Secrets may also be given as a file: `NAME_FILE=/run/secrets/name` instead of `NAME=...`.
 */
export interface Setting {
  /** What applies when it is unset, as it would be written in the environment; `null`: see `sentence`. */
  readonly default: string | null;
  readonly sentence: string;
  /** May be given as `NAME_FILE`, and is never printed. */
  readonly secret?: true;
}

export const settings = {
  PORT: { default: '8080', sentence: 'Port of the HTTP API; 0 takes any free one.' },
  SWITCHBOARD_HOST: {
    default: '127.0.0.1',
    sentence: 'Address the HTTP API listens on; 0.0.0.0 opens it to the network.',
  },
  SWITCHBOARD_PUBLIC_URL: {
    default: null,
    sentence:
      'Where others reach this house, https://support.example.org: links to surveys and to further pages begin with it; unset, the address it listens on and the one a caller used.',
  },
  SWITCHBOARD_TRUST_PROXY: {
    default: null,
    sentence:
      'Address ranges of proxies in front of this house, CIDRs separated by commas: what they say in X-Forwarded-For, -Proto and -Host is believed; unset, nobody is.',
  },
  DATABASE_URL: {
    default: null,
    secret: true,
    sentence:
      'PostgreSQL 15 or newer, postgres://user:password@host:port/database; unset, Switchboard runs one of its own in its data directory.',
  },
  NATS_URL: {
    default: null,
    secret: true,
    sentence:
      'NATS 2.9 or newer with JetStream, nats://user:password@host:port or tls://, several servers separated by commas; unset, Switchboard runs a nats-server of its own.',
  },
  NATS_USER: {
    default: null,
    sentence:
      'User of the NATS of NATS_URL, with NATS_PASSWORD; or NATS_TOKEN, NATS_CREDS_FILE or NATS_NKEY_SEED_FILE instead.',
  },
  NATS_PASSWORD: { default: null, secret: true, sentence: 'Password of NATS_USER.' },
  NATS_TOKEN: { default: null, secret: true, sentence: 'Token that the NATS of NATS_URL asks for.' },
  NATS_CREDS_FILE: {
    default: null,
    sentence: 'File with a JWT and its seed, as nsc writes it, for a NATS in operator mode; read at each connect.',
  },
  NATS_NKEY_SEED_FILE: { default: null, sentence: 'File with the seed of a user that NATS knows by its nkey.' },
  NATS_CA_FILE: {
    default: null,
    sentence:
      'PEM of the authorities to believe in TLS with NATS; set, nothing goes out in clear; unset, those that Node brings are believed.',
  },
  NATS_CERT_FILE: {
    default: null,
    sentence: 'PEM of the certificate that NATS asks of its clients, with NATS_KEY_FILE.',
  },
  NATS_KEY_FILE: { default: null, sentence: 'PEM of the key of NATS_CERT_FILE.' },
  NATS_INBOX_PREFIX: {
    default: null,
    sentence: 'Beginning of the subjects that answers come on, for users that may not hear _INBOX.>.',
  },
  SWITCHBOARD_STREAM_REPLICAS: {
    default: null,
    sentence: 'Servers of a NATS cluster that keep the stream, 1 to 5; unset, 1, or what a stream that is there has.',
  },
  SWITCHBOARD_STREAM_MAX_AGE_HOURS: {
    default: null,
    sentence: 'Hours that the stream keeps events; unset, 48, or what a stream that is there has.',
  },
  SWITCHBOARD_STREAM_MAX_BYTES: {
    default: null,
    sentence: 'Bytes that the stream may take; unset, 4294967296, or what a stream that is there has.',
  },
  SWITCHBOARD_DATA_DIR: {
    default: './data',
    sentence: 'Where Switchboard keeps what it makes: its own PostgreSQL and NATS, the master key, the demo key.',
  },
  SWITCHBOARD_ACCOUNT_KEY: {
    default: null,
    secret: true,
    sentence:
      'act_<24 hex>:<secret of at least 16 characters>, made at start if it does not exist; unset, one is made at the first start and printed once.',
  },
  SWITCHBOARD_MASTER_KEY: {
    default: null,
    secret: true,
    sentence:
      '64 hex characters that encrypt stored secrets, the same for every process on one database; unset, it is made in the data directory.',
  },
  SWITCHBOARD_DEMO: {
    default: 'on',
    sentence: 'on makes a demo app at the first start and prints its key; off does not.',
  },
  SWITCHBOARD_TRIAL_TIMES: {
    default: 'off',
    sentence:
      'on lets idle rules, reminders and time-outs of channels be as short as a second, for trials and simulations; off keeps their shortest times.',
  },
  SWITCHBOARD_ROLES: {
    default: 'api,relay,lanes,timers,csat,routing',
    sentence:
      'What this process does; fewer than all needs DATABASE_URL and NATS_URL, because other processes do the rest.',
  },
  SWITCHBOARD_LOG_LEVEL: { default: 'info', sentence: 'trace, debug, info, warn, error, fatal or silent.' },
  SWITCHBOARD_DRAIN_SECONDS: {
    default: '8',
    sentence: 'Seconds from SIGTERM until what still runs is cut off; 1 to 300.',
  },
  SWITCHBOARD_WEBHOOK_ALLOW: {
    default: null,
    sentence:
      'Private address ranges webhooks may reach, CIDRs separated by commas; unset, loopback when SWITCHBOARD_HOST is loopback, else none.',
  },
  SWITCHBOARD_WEBHOOK_TIMEOUT_MS: { default: '20000', sentence: 'How long one attempt to deliver a webhook may take.' },
  SWITCHBOARD_WEBHOOK_RETRY_DELAYS_MS: {
    default: '0,15000,60000,180000,420000',
    sentence:
      'Waits before each attempt to deliver a webhook that has no retryPolicy, separated by commas; there are as many attempts as waits, and the first wait is 0.',
  },
  SWITCHBOARD_WEBHOOK_MAX_IN_FLIGHT: { default: '16', sentence: 'Deliveries to one webhook at the same time.' },
  SWITCHBOARD_LEDGER_WRITERS: {
    default: '2',
    sentence: 'Connections that write conversations; one more waits for rows that somebody else holds.',
  },
  SWITCHBOARD_LEDGER_MAX_GROUP: { default: '64', sentence: 'Commands in one transaction.' },
  SWITCHBOARD_LEDGER_MAX_GROUP_BYTES: {
    default: '262144',
    sentence: 'Bytes that the commands of one transaction write.',
  },
  SWITCHBOARD_LEDGER_MAX_WAITING: {
    default: '32',
    sentence: 'Commands that one caller may have waiting in one conversation; the next is answered 429.',
  },
  SWITCHBOARD_LEDGER_MAX_QUEUED: {
    default: '4096',
    sentence: 'Commands that may wait in all; an app that has more than its share of them is answered 503.',
  },
  SWITCHBOARD_TOKEN_LEEWAY_SECONDS: {
    default: '30',
    sentence: 'How far the clock of whoever signs tokens may be off, for nbf and exp; 0 to 300.',
  },
  SWITCHBOARD_GUESSES_PER_MINUTE: {
    default: '3000',
    sentence:
      'Calls with wrong credentials or with none that one address may make in a minute; the next is answered 429, right credentials never are. 0 sets no limit.',
  },
  SWITCHBOARD_USER_CALLS_PER_MINUTE: {
    default: '1200',
    sentence:
      'Calls that one end user may make in a minute, a sixth of them at once; the next is answered 429. 0 sets no limit.',
  },
  SWITCHBOARD_CONVERSATIONS_PER_MINUTE: {
    default: '20',
    sentence:
      'Conversations that one end user may open in a minute with a token of their own; the next is answered 429. Keys of apps are not limited. 0 sets no limit.',
  },
  SWITCHBOARD_LEASE_SECONDS: {
    default: '10',
    sentence: 'How long a process may send for its partitions after its last word; then another takes over.',
  },
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingName = keyof typeof settings;
