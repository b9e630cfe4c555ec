import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { settings } from '../../../config/settings.js';
import { isLoopback, loadConfig } from './load.js';
import { ConfigError } from './read.js';

let dataDir: string;

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'switchboard-config-'));
});

afterAll(() => rmSync(dataDir, { recursive: true }));

function load(environment: Record<string, string> = {}): ReturnType<typeof loadConfig> {
  return loadConfig({ SWITCHBOARD_DATA_DIR: dataDir, ...environment });
}

describe('loadConfig', () => {
  it('needs nothing to be set', () => {
    const config = load();
    expect(config).toMatchObject({ host: '127.0.0.1', port: 8080, databaseUrl: null, natsUrl: null, demo: true });
    expect(config.accountKey).toBeNull();
    expect(config.webhooks.allow).toEqual(['127.0.0.0/8', '::1/128']);
    expect(config.webhooks.retryDelaysMs).toHaveLength(5);
    expect(config.webhooks.retryDelaysMs.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(15 * 60_000);
    expect([...config.roles].sort()).toEqual(['api', 'csat', 'lanes', 'relay', 'routing', 'timers']);
  });

  it('takes a schedule of webhooks that begins at once, and no other', () => {
    const delaysOf = (delays: string) => load({ SWITCHBOARD_WEBHOOK_RETRY_DELAYS_MS: delays }).webhooks.retryDelaysMs;
    expect(delaysOf('0,3600000,86400000')).toEqual([0, 3_600_000, 86_400_000]);
    expect(() => delaysOf('5000,10000')).toThrow('must begin with 0: the first attempt is made at once');
  });

  it('knows where end users reach it', () => {
    expect(load().publicUrl).toBeNull();
    expect(load({ SWITCHBOARD_PUBLIC_URL: 'https://help.example.org/chat/' }).publicUrl).toBe(
      'https://help.example.org/chat',
    );
    for (const wrong of [
      'help.example.org',
      'ftp://help.example.org',
      'https://a.example/?x=1',
      'https://me:pw@a.example',
    ]) {
      expect(() => load({ SWITCHBOARD_PUBLIC_URL: wrong })).toThrow('SWITCHBOARD_PUBLIC_URL must be');
    }
  });

  it('ignores what is not its own, and counts empty as unset', () => {
    expect(load({ HOME: '/somewhere', PORT: '' }).port).toBe(8080);
  });

  const secret = 's3cret-of-the-database';
  const key = `act_${'a'.repeat(24)}`;
  it.each<[Record<string, string>, string]>([
    [{ SWITCHBOARD_PROT: '1' }, 'SWITCHBOARD_PROT is no setting of Switchboard'],
    [{ SWITCHBOARD_HOST_FILE: '/x' }, 'SWITCHBOARD_HOST_FILE is no setting of Switchboard'],
    [{ PORT: '65536' }, 'PORT must be a whole number from 0 to 65535, not "65536"'],
    [{ PORT: '80x' }, 'PORT must be'],
    [{ PORT: '-1' }, 'PORT must be'],
    [{ SWITCHBOARD_DEMO: 'yes' }, 'SWITCHBOARD_DEMO knows on, off, not "yes"'],
    [{ SWITCHBOARD_ROLES: 'api,agents' }, 'SWITCHBOARD_ROLES knows api, relay'],
    [{ SWITCHBOARD_ROLES: 'api,,csat' }, 'SWITCHBOARD_ROLES has an empty item'],
    [{ SWITCHBOARD_ROLES: 'csat' }, 'SWITCHBOARD_ROLES with fewer roles than all needs DATABASE_URL'],
    [
      { SWITCHBOARD_ROLES: 'csat', DATABASE_URL: 'postgres://h/d' },
      'SWITCHBOARD_ROLES with fewer roles than all needs NATS_URL',
    ],
    [{ SWITCHBOARD_WEBHOOK_ALLOW: '10.0.0.0/33' }, 'SWITCHBOARD_WEBHOOK_ALLOW: "10.0.0.0/33" is no CIDR'],
    [{ SWITCHBOARD_WEBHOOK_ALLOW: '10.0.0.1' }, 'is no CIDR'],
    [{ DATABASE_URL: `mysql://u:${secret}@h/d` }, 'DATABASE_URL must be a URL that begins with postgres://'],
    [{ DATABASE_URL: secret }, 'DATABASE_URL must be a URL'],
    [{ NATS_URL: 'nats://a:1,http://b' }, 'NATS_URL must be a URL that begins with nats://'],
    [{ NATS_URL: `nats://u:${secret}@a,nats://v:${secret}@b` }, 'NATS_URL names several users'],
    [{ NATS_URL: `nats://u:${secret}@a/path` }, 'NATS_URL takes a user, a host and a port'],
    [{ NATS_URL: `nats://u:${secret}@a`, NATS_TOKEN: secret }, 'the user in NATS_URL and NATS_TOKEN are two ways'],
    [{ NATS_URL: 'nats://a', NATS_USER: 'u' }, 'NATS_USER and NATS_PASSWORD belong together'],
    [{ NATS_URL: 'nats://a', NATS_CREDS_FILE: '/does/not/exist' }, 'NATS_CREDS_FILE: ENOENT'],
    [{ NATS_URL: 'nats://a', NATS_CERT_FILE: '/x' }, 'NATS_CERT_FILE and NATS_KEY_FILE belong together'],
    [{ NATS_TOKEN: secret }, 'NATS_TOKEN is set and NATS_URL is not'],
    [{ SWITCHBOARD_STREAM_REPLICAS: '6' }, 'SWITCHBOARD_STREAM_REPLICAS must be a whole number from 1 to 5'],
    [{ SWITCHBOARD_ACCOUNT_KEY: `${key}:${secret.slice(0, 15)}` }, 'SWITCHBOARD_ACCOUNT_KEY must be act_<24 hex>'],
    [{ SWITCHBOARD_ACCOUNT_KEY: `app_${'a'.repeat(24)}:${secret}` }, 'SWITCHBOARD_ACCOUNT_KEY must be act_'],
    [{ SWITCHBOARD_MASTER_KEY: 'abc' }, 'SWITCHBOARD_MASTER_KEY must hold 64 hex characters'],
    [{ SWITCHBOARD_MASTER_KEY: 'a', SWITCHBOARD_MASTER_KEY_FILE: '/x' }, 'are both set'],
    [{ SWITCHBOARD_MASTER_KEY_FILE: '/does/not/exist' }, 'SWITCHBOARD_MASTER_KEY_FILE: ENOENT'],
    [{ SWITCHBOARD_LOG_LEVEL: 'loud' }, 'SWITCHBOARD_LOG_LEVEL knows'],
  ])('stops at %j with one line', (environment, says) => {
    let error: unknown;
    try {
      load(environment);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(ConfigError);
    const { message } = error as ConfigError;
    expect(message).toContain(says);
    expect(message).not.toContain('\n');
    expect(message).not.toContain(secret);
  });

  it('reads an account key, also from a file', () => {
    const expected = { id: key, secret };
    const file = join(dataDir, 'account-key');
    writeFileSync(file, `${key}:${secret}\n`);
    expect(load({ SWITCHBOARD_ACCOUNT_KEY: `${key}:${secret}` }).accountKey).toEqual(expected);
    expect(load({ SWITCHBOARD_ACCOUNT_KEY_FILE: file }).accountKey).toEqual(expected);
  });

  it('opens no private range to webhooks when the API is open to the network', () => {
    expect(load({ SWITCHBOARD_HOST: '0.0.0.0' }).webhooks.allow).toEqual([]);
    expect(
      load({ SWITCHBOARD_HOST: '0.0.0.0', SWITCHBOARD_WEBHOOK_ALLOW: '10.0.0.0/8, fd00::/8' }).webhooks.allow,
    ).toEqual(['10.0.0.0/8', 'fd00::/8']);
  });

  it('tells the way into NATS, with secrets from files, and the limits of the stream', () => {
    const file = join(dataDir, 'nats-password');
    writeFileSync(file, `${secret}\n`);
    const config = load({
      NATS_URL: 'nats://a,nats://b',
      NATS_USER: 'u',
      NATS_PASSWORD_FILE: file,
      SWITCHBOARD_STREAM_REPLICAS: '3',
    });
    expect(config.natsAccess).toEqual({ user: 'u', password: secret });
    expect(config.stream).toEqual({ replicas: 3, maxAgeHours: null, maxBytes: null });
  });

  it('keeps a password with a comma whole', () => {
    const url = 'postgres://u:a,b@h/d';
    expect(load({ DATABASE_URL: url }).databaseUrl).toBe(url);
  });

  it.each(['postgres://u:p@one:5432,two:5432/d', 'postgresql://one,two/d', 'postgres:///d?host=one,two'])(
    'says of %s that it names several hosts',
    (url) => {
      expect(() => load({ DATABASE_URL: url })).toThrow(/^DATABASE_URL names several hosts; give one address/);
    },
  );

  it('makes the master key once, for its owner only', () => {
    const first = load().masterKey;
    expect(first).toHaveLength(32);
    expect(load().masterKey).toEqual(first);
    const file = join(dataDir, 'master.key');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8').trim()).toBe(first.toString('hex'));
  });
});

describe('settings', () => {
  it('have a sentence each', () => {
    for (const { sentence } of Object.values(settings)) expect(sentence).toMatch(/^.{10,}\.$/);
  });

  it('bear the names that others know them by, and SWITCHBOARD_ elsewhere', () => {
    const names = Object.keys(settings).filter((name) => !name.startsWith('SWITCHBOARD_'));
    expect(names.filter((name) => !name.startsWith('NATS_')).sort()).toEqual(['DATABASE_URL', 'PORT']);
    expect(names).toContain('NATS_URL');
  });
});

describe('isLoopback', () => {
  it.each(['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1', 'localhost'])('%s is', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each(['0.0.0.0', '::', '10.0.0.1', 'example.org', 'localhost.example.org'])('%s is not', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});
