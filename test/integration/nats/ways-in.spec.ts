import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { nkeys } from '@nats-io/transport-node';
import { filter, firstValueFrom } from 'rxjs';
import { accessIn, connectTo } from '../../../sdk/index.js';
import { loadConfig } from '../../../src/platform/config/index.js';
import { Nats, streamPublishers } from '../../../src/platform/nats/index.js';
import { Authority, type Certificate } from '../../support/authority.js';
import { ConfiguredNats } from '../../support/configured-nats.js';
import { Operator, seedOf } from '../../support/operator.js';
import { until } from '../../support/until.js';

const PASSWORD = 'p@ss,word:%/#';
const ENCODED = encodeURIComponent(PASSWORD);

const started: (() => unknown)[] = [];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchboard-ways-in-'));
});

afterEach(async () => {
  for (const stop of started.splice(0).toReversed()) await stop();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function serverWith(more: string): Promise<ConfiguredNats> {
  const server = await ConfiguredNats.start({ more });
  started.push(() => server.stop());
  return server;
}

function fileOf(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

function natsOf(environment: Record<string, string>): Nats {
  const { natsUrl, natsAccess } = loadConfig({ SWITCHBOARD_DATA_DIR: folder, ...environment });
  const nats = new Nats(async () => (natsUrl === null ? null : [natsUrl]), natsAccess);
  started.push(() => nats.close());
  nats.start();
  return nats;
}

/** The server makes its stream and publishes, and a consumer of the kit with the same environment is connected. */
async function comesIn(environment: Record<string, string>): Promise<void> {
  const nats = natsOf(environment);
  const { inboxPrefix } = accessIn(environment);
  const publisher = await firstValueFrom(
    streamPublishers(nats.connection$, inboxPrefix).pipe(filter((made) => made !== null)),
  );
  const { lastSeq } = await publisher.ensure();
  await expect(publisher.publish('switchboard.v1.test.a', `id-${lastSeq}`, '{}')).resolves.toMatchObject({
    seq: lastSeq + 1,
  });
  const { source, close } = connectTo(environment['NATS_URL'] ?? '', accessIn(environment));
  started.push(close);
  await until(source, { what: 'the consumer to be connected' });
}

async function isRefused(environment: Record<string, string>, status: string, detail: RegExp): Promise<void> {
  const nats = natsOf(environment);
  await until(() => nats.status === status, { timeoutMs: 5_000, what: `${status}, not ${nats.status}` });
  expect(nats.detail).toMatch(detail);
  const troubles: unknown[] = [];
  const { close } = connectTo(environment['NATS_URL'] ?? '', {
    ...accessIn(environment),
    onTrouble: (error) => troubles.push(error),
  });
  started.push(close);
  await until(() => troubles.length > 0, { timeoutMs: 5_000, what: 'the consumer to be told' });
}

describe('a NATS that asks for a user', () => {
  it('lets us in with NATS_USER and NATS_PASSWORD, and with both in the URL', async () => {
    const server = await serverWith(`authorization { user: app, password: ${JSON.stringify(PASSWORD)} }`);
    await comesIn({ NATS_URL: server.url, NATS_USER: 'app', NATS_PASSWORD: PASSWORD });
    await comesIn({ NATS_URL: server.url, NATS_USER: 'app', NATS_PASSWORD_FILE: fileOf('password', `${PASSWORD}\n`) });
    await comesIn({ NATS_URL: server.urlOf(`app:${ENCODED}`) });
  });

  it('is found among several servers, of which one is not there', async () => {
    const server = await serverWith(`authorization { user: app, password: ${JSON.stringify(PASSWORD)} }`);
    await comesIn({ NATS_URL: `nats://127.0.0.1:1,${server.urlOf(`app:${ENCODED}`)}` });
    await comesIn({ NATS_URL: `nats://127.0.0.1:1,${server.url}`, NATS_USER: 'app', NATS_PASSWORD: PASSWORD });
  });

  it('refuses a wrong password and none within five seconds, which is said', async () => {
    const server = await serverWith(`authorization { user: app, password: ${JSON.stringify(PASSWORD)} }`);
    for (const environment of [
      { NATS_URL: server.url },
      { NATS_URL: server.url, NATS_USER: 'app', NATS_PASSWORD: 'wrong' },
      { NATS_URL: server.urlOf('app:wrong') },
      { NATS_URL: server.url, NATS_TOKEN: PASSWORD },
    ])
      await isRefused(environment, 'refused: authorization', /Authorization Violation/);
  });

  it('is told when it lets us in later', async () => {
    const server = await serverWith('authorization { user: app, password: other }');
    const nats = natsOf({ NATS_URL: server.url, NATS_USER: 'app', NATS_PASSWORD: PASSWORD });
    await until(() => nats.status === 'refused: authorization', { what: 'the refusal' });
    await server.restart({ more: `authorization { user: app, password: ${JSON.stringify(PASSWORD)} }` });
    await until(() => nats.status === 'connected', { what: 'the connection' });
    expect(nats.detail).toBeNull();
    // And the other way: it was in, and is let in no longer.
    await server.restart({ more: 'authorization { user: app, password: other }' });
    await until(() => nats.status === 'refused: authorization', { what: 'the refusal' });
  });
});

describe('a NATS that asks for something else', () => {
  it('takes a token, from its own setting or from the URL', async () => {
    const server = await serverWith(`authorization { token: ${JSON.stringify(PASSWORD)} }`);
    await comesIn({ NATS_URL: server.url, NATS_TOKEN: PASSWORD });
    await comesIn({ NATS_URL: server.urlOf(ENCODED) });
    await isRefused({ NATS_URL: server.url, NATS_TOKEN: 'other' }, 'refused: authorization', /Authorization/);
  });

  it('takes the seed of an nkey', async () => {
    const user = nkeys.createUser();
    const server = await serverWith(`authorization { users = [ { nkey: ${user.getPublicKey()} } ] }`);
    const seed = fileOf('user.nk', `# the key of the house\n${seedOf(user)}\n`);
    await comesIn({ NATS_URL: server.url, NATS_NKEY_SEED_FILE: seed });
    const other = fileOf('other.nk', seedOf(nkeys.createUser()));
    await isRefused({ NATS_URL: server.url, NATS_NKEY_SEED_FILE: other }, 'refused: authorization', /Authorization/);
  });

  it('takes a creds file in operator mode, also one with the line ends of Windows', async () => {
    const operator = new Operator();
    const server = await serverWith(operator.configuration);
    await comesIn({ NATS_URL: server.url, NATS_CREDS_FILE: fileOf('a.creds', operator.creds()) });
    const windows = fileOf('b.creds', operator.creds().replaceAll('\n', '\r\n'));
    await comesIn({ NATS_URL: server.url, NATS_CREDS_FILE: windows });
    const stranger = fileOf('c.creds', new Operator().creds());
    await isRefused({ NATS_URL: server.url, NATS_CREDS_FILE: stranger }, 'refused: authorization', /Authorization/);
  });

  it('takes creds that were renewed in the file while it refused the old ones', async () => {
    const operator = new Operator();
    const server = await serverWith(operator.configuration);
    const file = fileOf('renewed.creds', new Operator().creds());
    const nats = natsOf({ NATS_URL: server.url, NATS_CREDS_FILE: file });
    await until(() => nats.status === 'refused: authorization', { what: 'the refusal' });
    writeFileSync(file, operator.creds());
    await until(() => nats.status === 'connected', { what: 'the connection' });
  });
});

describe('a NATS with certificates of a private authority', () => {
  let authority: Authority;
  let client: Certificate;
  const tls = ({ cert, key }: Certificate, more = ''): string =>
    `tls { cert_file: "${cert}", key_file: "${key}"\n${more} }`;
  const verified = () => `ca_file: "${authority.ca}", verify: true`;

  beforeAll(() => {
    authority = new Authority(folder, 'company');
    client = authority.issue('switchboard');
  });

  it('takes NATS_CA_FILE, by name and by address', async () => {
    const both = authority.issue('both', 'DNS:localhost,IP:127.0.0.1');
    const server = await serverWith(tls(both));
    await comesIn({ NATS_URL: server.url, NATS_CA_FILE: authority.ca });
    await comesIn({ NATS_URL: `tls://localhost:${server.port}`, NATS_CA_FILE: authority.ca });
    const byAddress = await serverWith(tls(authority.issue('by-address', 'IP:127.0.0.1')));
    await comesIn({ NATS_URL: byAddress.url, NATS_CA_FILE: authority.ca });
  });

  it('asks for a certificate of its clients, and takes ours', async () => {
    const server = await serverWith(tls(authority.issue('verifying', 'IP:127.0.0.1'), verified()));
    const environment = { NATS_URL: server.url, NATS_CA_FILE: authority.ca };
    await comesIn({ ...environment, NATS_CERT_FILE: client.cert, NATS_KEY_FILE: client.key });
    await isRefused(environment, 'refused: tls', /asks for a certificate/);
    const stranger = new Authority(folder, 'stranger').issue('somebody');
    await isRefused(
      { ...environment, NATS_CERT_FILE: stranger.cert, NATS_KEY_FILE: stranger.key },
      'refused: tls',
      /does not take our certificate/,
    );
  });

  it('is refused by us when its authority is unknown, when it is another server, and when it speaks no TLS', async () => {
    const server = await serverWith(tls(authority.issue('right', 'IP:127.0.0.1')));
    await isRefused({ NATS_URL: server.url }, 'refused: tls', /certificate/);
    const other = await serverWith(tls(authority.issue('elsewhere', 'DNS:localhost')));
    await isRefused({ NATS_URL: other.url, NATS_CA_FILE: authority.ca }, 'refused: tls', /altnames/);
    const plain = await serverWith('');
    await isRefused({ NATS_URL: `tls://127.0.0.1:${plain.port}` }, 'refused: tls', /tls/);
    await isRefused({ NATS_URL: plain.url, NATS_CA_FILE: authority.ca }, 'refused: tls', /tls/);
  });
});

describe('a NATS with one user per house', () => {
  it('answers on the inbox that the user may hear', async () => {
    const allowed = 'publish: [">"], subscribe: ["_INBOX_house.>"]';
    const server = await serverWith(
      `authorization { users = [ { user: a, password: b, permissions: { ${allowed} } } ] }`,
    );
    await comesIn({ NATS_URL: server.urlOf('a:b'), NATS_INBOX_PREFIX: '_INBOX_house' });
    const nats = natsOf({ NATS_URL: server.urlOf('a:b') });
    const publisher = await firstValueFrom(streamPublishers(nats.connection$).pipe(filter((made) => made !== null)));
    await publisher.ensure().catch(() => undefined);
    expect(nats.status).toBe('refused: permissions');
    expect(nats.detail).toBe('Permissions Violation for Subscription to "_INBOX.*.*"');
  });
});
