import { isIP } from 'node:net';
import { resolve } from 'node:path';
import ipaddr from 'ipaddr.js';
import type { Config, Role } from './config.js';
import { masterKey } from './master-key.js';
import { natsPlace, streamLimits } from './nats.js';
import { ConfigError, Settings, type Environment } from './read.js';

const ROLES: readonly Role[] = ['api', 'relay', 'lanes', 'timers', 'csat', 'routing'];
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];
const ACCOUNT_KEY = /^(act_[0-9a-f]{24}):([^\s:]{16,256})$/;
/** What libpq takes, and our driver does not. */
const SEVERAL_HOSTS = /^[a-z]+:\/\/(?:[^/?#]*@)?[^@/?#]*,[^@/?#]*(?:[/?#]|$)|[?&]host=[^&]*,/;
const LOOPBACK = ['127.0.0.0/8', '::1/128'];

/**
 * Reads and checks every setting. Throws `ConfigError` with one line for the first that is unknown, malformed or in
 * conflict with another. Makes the data directory and the master key in it where they are missing.
 */
export function loadConfig(environment: Environment): Config {
  const settings = new Settings(environment);
  const dataDir = resolve(settings.word('SWITCHBOARD_DATA_DIR'));
  const host = settings.word('SWITCHBOARD_HOST');
  const nats = natsPlace(settings);
  const config = {
    host,
    port: settings.integer('PORT', 0, 65_535),
    publicUrl: publicUrl(settings),
    dataDir,
    databaseUrl: givenDatabase(settings),
    natsUrl: nats.url,
    natsAccess: nats.access,
    stream: streamLimits(settings),
    roles: settings.someOf('SWITCHBOARD_ROLES', ROLES),
    accountKey: accountKey(settings),
    demo: settings.oneOf('SWITCHBOARD_DEMO', ['on', 'off']) === 'on',
    webhooks: {
      allow: allowedRanges(settings, host),
      timeoutMs: settings.integer('SWITCHBOARD_WEBHOOK_TIMEOUT_MS', 100, 60_000),
      retryDelaysMs: retryDelays(settings),
      maxInFlight: settings.integer('SWITCHBOARD_WEBHOOK_MAX_IN_FLIGHT', 1, 1_000),
    },
    ledger: {
      writers: settings.integer('SWITCHBOARD_LEDGER_WRITERS', 1, 32),
      maxGroup: settings.integer('SWITCHBOARD_LEDGER_MAX_GROUP', 1, 1_000),
      maxGroupBytes: settings.integer('SWITCHBOARD_LEDGER_MAX_GROUP_BYTES', 1_024, 16_777_216),
      maxWaitingPerCaller: settings.integer('SWITCHBOARD_LEDGER_MAX_WAITING', 1, 10_000),
      maxQueued: settings.integer('SWITCHBOARD_LEDGER_MAX_QUEUED', 1, 1_000_000),
      leaseSeconds: settings.integer('SWITCHBOARD_LEASE_SECONDS', 2, 300),
    },
    logLevel: settings.oneOf('SWITCHBOARD_LOG_LEVEL', LEVELS),
    tokenLeewaySeconds: settings.integer('SWITCHBOARD_TOKEN_LEEWAY_SECONDS', 0, 300),
    trustProxy: ranges(settings, 'SWITCHBOARD_TRUST_PROXY'),
    guessesPerMinute: settings.integer('SWITCHBOARD_GUESSES_PER_MINUTE', 0, 1_000_000),
    trialTimes: settings.oneOf('SWITCHBOARD_TRIAL_TIMES', ['on', 'off']) === 'on',
    userCallsPerMinute: settings.integer('SWITCHBOARD_USER_CALLS_PER_MINUTE', 0, 1_000_000),
    conversationsPerMinute: settings.integer('SWITCHBOARD_CONVERSATIONS_PER_MINUTE', 0, 1_000_000),
    drainSeconds: settings.integer('SWITCHBOARD_DRAIN_SECONDS', 1, 300),
  };
  refuseConflicts(config);
  return { ...config, masterKey: masterKey(settings.text('SWITCHBOARD_MASTER_KEY'), dataDir) };
}

/** The first attempt is made at once, whatever its wait would say. */
function retryDelays(settings: Settings): readonly number[] {
  const name = 'SWITCHBOARD_WEBHOOK_RETRY_DELAYS_MS';
  const delays = settings.integers(name, 0, 86_400_000);
  if (delays[0] !== 0) throw new ConfigError(`${name} must begin with 0: the first attempt is made at once`);
  return delays;
}

/** A server of our own belongs to one process, which must then do everything. */
function refuseConflicts({ roles, databaseUrl, natsUrl }: Pick<Config, 'roles' | 'databaseUrl' | 'natsUrl'>): void {
  // Who holds a partition sends everything of it: webhooks and events share one lease.
  if (roles.has('relay') !== roles.has('lanes')) {
    throw new ConfigError('SWITCHBOARD_ROLES: relay and lanes share their partitions; a process does both or neither');
  }
  if (roles.size === ROLES.length) return;
  if (databaseUrl === null) throw new ConfigError('SWITCHBOARD_ROLES with fewer roles than all needs DATABASE_URL');
  if (natsUrl === null) throw new ConfigError('SWITCHBOARD_ROLES with fewer roles than all needs NATS_URL');
}

function givenDatabase(settings: Settings): string | null {
  const url = settings.text('DATABASE_URL');
  if (url === null) return null;
  if (SEVERAL_HOSTS.test(url))
    throw new ConfigError(
      'DATABASE_URL names several hosts; give one address that leads to the primary, such as that of a proxy',
    );
  // The text itself stays out of the message: it may hold a password.
  if (!['postgres:', 'postgresql:'].includes(URL.parse(url)?.protocol ?? ''))
    throw new ConfigError('DATABASE_URL must be a URL that begins with postgres://');
  return url;
}

function publicUrl(settings: Settings): string | null {
  const given = settings.text('SWITCHBOARD_PUBLIC_URL');
  if (given === null) return null;
  const url = URL.parse(given);
  if (
    !url ||
    !['http:', 'https:'].includes(url.protocol) ||
    url.search !== '' ||
    url.hash !== '' ||
    url.username !== ''
  )
    throw new ConfigError(
      'SWITCHBOARD_PUBLIC_URL must be a URL that begins with https:// or http://, with a path at most',
    );
  return given.replace(/\/+$/, '');
}

function accountKey(settings: Settings): Config['accountKey'] {
  const given = settings.text('SWITCHBOARD_ACCOUNT_KEY');
  if (given === null) return null;
  const [, id, secret] = ACCOUNT_KEY.exec(given) ?? [];
  if (id === undefined || secret === undefined)
    throw new ConfigError('SWITCHBOARD_ACCOUNT_KEY must be act_<24 hex>:<secret of at least 16 characters>');
  return { id, secret };
}

function allowedRanges(settings: Settings, host: string): readonly string[] {
  const allowed = ranges(settings, 'SWITCHBOARD_WEBHOOK_ALLOW');
  return allowed.length === 0 && isLoopback(host) ? LOOPBACK : allowed;
}

function ranges(settings: Settings, name: 'SWITCHBOARD_WEBHOOK_ALLOW' | 'SWITCHBOARD_TRUST_PROXY'): readonly string[] {
  const given = settings.list(name);
  for (const range of given) {
    if (!ipaddr.isValidCIDR(range)) throw new ConfigError(`${name}: "${range}" is no CIDR, such as 10.0.0.0/8`);
  }
  return given;
}

/** Whether only this machine can reach a server that listens there. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  return isIP(host) !== 0 && ipaddr.process(host).range() === 'loopback';
}
