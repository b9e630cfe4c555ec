import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ConfigurationStore } from '../../../src/configuration/index.js';
import { newId } from '../../../src/platform/ids.js';
import { startDesk, type Desk } from '../../support/desk.js';
import { startProxy, type Proxy } from '../../support/proxy.js';
import { testDatabase, type TestDatabase } from '../../support/servers.js';

const SHOP = 'https://shop.example.org';
const BRANCH = 'https://branch-7.test.example.net';
const EVIL = 'https://evil.example';
const GUESSES = 5;

let database: TestDatabase;
let proxy: Proxy;
let desk: Desk;
beforeAll(async () => {
  database = await testDatabase();
  proxy = await startProxy(database.url);
  desk = await startDesk({
    settings: { allowedOrigins: [SHOP, 'https://*.example.net'], multiConvoEnabled: false },
    server: {
      settings: {
        DATABASE_URL: proxy.url,
        SWITCHBOARD_GUESSES_PER_MINUTE: String(GUESSES),
        SWITCHBOARD_TRUST_PROXY: '127.0.0.0/8',
      },
    },
  });
});
afterEach(() => {
  proxy.heal();
  jest.restoreAllMocks();
});
afterAll(async () => {
  try {
    await desk.close();
  } finally {
    await proxy.stop();
    await database.drop();
  }
});

const conversations = (appId = desk.appId): string => `/client/v1/apps/${appId}/conversations`;

/** What a browser asks before it lets a page call; `null`: a header that is not sent. */
async function preflight(path: string, origin: string | null, method: string | null = 'POST') {
  const { status, headers, text } = await call('OPTIONS', path, {
    ...(origin !== null && { origin }),
    ...(method !== null && { 'access-control-request-method': method }),
    'access-control-request-headers': 'authorization,content-type,idempotency-key',
  });
  return { status, headers, body: text };
}

/** By hand: Node's `fetch` sets no `origin` of the caller's choice. */
async function call(method: string, path: string, headers: Record<string, string>, body?: object) {
  const { request } = await import('undici');
  const answer = await request(`${desk.started.url}${path}`, {
    method: method as 'GET',
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const corsHeaders = Object.fromEntries(
    Object.entries(answer.headers).filter(([name]) => name.startsWith('access-control-')),
  );
  return { status: answer.statusCode, headers: answer.headers, cors: corsHeaders, text: await answer.body.text() };
}

describe('a preflight of a page', () => {
  it.each([SHOP, BRANCH])('of %s is answered before anybody proves who they are, and may be kept', async (origin) => {
    for (const path of [
      conversations(),
      `${conversations()}/${newId()}/messages`,
      conversations().replace(/\w+$/, 'config'),
    ]) {
      const { status, headers, body } = await preflight(path, origin);
      expect([status, body]).toEqual([204, '']);
      expect(headers).toMatchObject({ 'access-control-allow-origin': origin, vary: 'origin' });
      expect(Number(headers['access-control-max-age'])).toBeGreaterThanOrEqual(600);
      const allowed = String(headers['access-control-allow-headers']).split(', ');
      expect(allowed).toEqual(expect.arrayContaining(['authorization', 'content-type', 'idempotency-key']));
      expect(String(headers['access-control-allow-methods']).split(', ')).toEqual(
        expect.arrayContaining(['GET', 'POST']),
      );
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
    }
  });

  it.each([EVIL, 'null', 'https://example.net', 'http://shop.example.org', `${SHOP}:8443`, `${SHOP}.evil.example`])(
    'of %s is refused, and told nothing that lets it in',
    async (origin) => {
      const { status, headers, body } = await preflight(conversations(), origin);
      expect([status, JSON.parse(body).errors[0].code]).toEqual([403, 'forbidden']);
      expect(headers['vary']).toBe('origin');
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    },
  );

  it('of an app that lets none in, or is not there, is refused alike', async () => {
    const closed = await startOther();
    const answers = [];
    for (const appId of [closed, newId(), 'x']) answers.push(await preflight(conversations(appId), SHOP));
    expect(answers.map(({ status, body }) => [status, body])).toEqual(
      answers.map(() => [403, expect.stringContaining('may not call this app')]),
    );
  });

  it('is asked for: any other OPTIONS finds nothing', async () => {
    expect((await preflight(conversations(), SHOP, null)).status).toBe(404);
    expect((await preflight(conversations(), null)).status).toBe(404);
  });

  it.each(['/v2/apps', '/sc/v2/apps', '/surveys/x', '/health/ready', '/metrics', '/client/v2/apps/x/y'])(
    'of %s is none of ours',
    async (path) => {
      const { status, headers } = await preflight(path, SHOP);
      expect(status).toBe(404);
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-') || name === 'vary')).toEqual([]);
    },
  );

  it('asks for the configuration of an app that is not there a few times for a crowd at most', async () => {
    const current = jest.spyOn(desk.started.app.get(ConfigurationStore), 'current');
    const unknown = newId();
    await Promise.all(Array.from({ length: 50 }, () => preflight(conversations(unknown), SHOP)));
    await Promise.all(Array.from({ length: 50 }, () => preflight(conversations(unknown), SHOP)));
    expect(current.mock.calls.length).toBeLessThan(10);
  });

  it('is answered by what was known last while the database is away', async () => {
    await preflight(conversations(), SHOP);
    proxy.refuse();
    expect((await preflight(conversations(), SHOP)).status).toBe(204);
    expect((await preflight(conversations(), EVIL)).status).toBe(403);
  });
});

describe('what a page is answered', () => {
  const token = (externalId: string) => desk.user(externalId);
  const seen = { 'access-control-allow-origin': SHOP, vary: 'origin' };

  it('it may read, with the headers that it needs', async () => {
    const { status, headers } = await token('ana').send('POST', '/conversations', {}, { origin: SHOP });
    expect(status).toBe(201);
    expect(Object.fromEntries(headers)).toMatchObject(seen);
    const exposed = headers.get('access-control-expose-headers')?.split(', ');
    expect(exposed).toEqual(expect.arrayContaining(['retry-after', 'switchboard-error-id']));
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('it may not read of another origin, and whoever names none is answered as ever', async () => {
    for (const more of [{ origin: EVIL }, { origin: 'null' }, {}]) {
      const { status, headers } = await token('ana').send('GET', '/conversations', undefined, more);
      expect([status, headers.get('vary'), headers.get('access-control-allow-origin')]).toEqual([200, 'origin', null]);
    }
  });

  it('it may read when it is refused: 400, 401, 403, 404, 409, 413, 415', async () => {
    const ana = token('ana');
    const send = (method: string, path: string, body?: unknown, more: Record<string, string> = {}) =>
      ana.send(method, path, body, { origin: SHOP, ...more });
    const { body } = await send('GET', '/conversations');
    const own = `/conversations/${body.conversations[0].id}`;
    const answers = [
      await send('POST', `${own}/messages`, { content: {} }),
      await send('GET', '/conversations', undefined, { authorization: 'Bearer x' }),
      await send('GET', '/conversations', undefined, { authorization: basicOf() }),
      await send('GET', `/conversations/${newId()}/messages`),
      await send('GET', '/nowhere'),
      await send('POST', `${own}/consent`, { granted: true }),
      await send('POST', `${own}/messages`, { content: { type: 'text', text: 'x'.repeat(120_000) } }),
      await send('POST', `${own}/messages`, 'text', { 'content-type': 'text/plain' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([400, 401, 403, 404, 404, 409, 413, 415]);
    for (const { headers } of answers) expect(Object.fromEntries(headers)).toMatchObject(seen);
  });

  it('it may read that it guessed too often: 429', async () => {
    const guess = () =>
      call('GET', conversations(), { origin: SHOP, authorization: 'Bearer x', 'x-forwarded-for': '203.0.113.9' });
    for (let n = 0; n < GUESSES; n += 1) expect((await guess()).status).toBe(401);
    const { status, headers } = await guess();
    expect([status, headers['access-control-allow-origin']]).toEqual([429, SHOP]);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  });

  it('it may read that the database is away: 503', async () => {
    await token('ana').send('GET', '/conversations', undefined, { origin: SHOP });
    proxy.refuse();
    const { status, headers } = await token('ana').send('GET', '/conversations', undefined, { origin: SHOP });
    expect(status).toBe(503);
    expect(Object.fromEntries(headers)).toMatchObject(seen);
    expect(headers.get('switchboard-error-id')).not.toBeNull();
  });

  it('changes with the settings at once', async () => {
    const allow = async (allowedOrigins: readonly string[]) => {
      expect((await desk.app.patch('', { settings: { allowedOrigins } })).status).toBe(200);
      return (await preflight(conversations(), EVIL)).status;
    };
    const before = (await desk.app.get('')).body.app.settings.allowedOrigins;
    expect(await allow([EVIL])).toBe(204);
    expect(await allow(before)).toBe(403);
  });

  it('elsewhere has nothing of the kind', async () => {
    const { headers, cors } = await call('GET', '/v2/apps', { origin: SHOP });
    expect([cors, headers['vary']]).toEqual([{}, undefined]);
  });
});

describe('origins of an app', () => {
  it.each([[['*']], [['null']], [[`${SHOP}/`]], [[`${SHOP}/chat`]], ['https://shop.example.org']])(
    'are refused with a sentence when they are %j',
    async (allowedOrigins) => {
      const { status, body } = await desk.app.patch('', { settings: { allowedOrigins } });
      expect([status, body.errors[0].code]).toEqual([400, 'bad_request']);
      expect(body.errors[0].title).toContain('allowedOrigins');
    },
  );

  it('are told with the other settings, and none by default', async () => {
    expect((await desk.app.get('')).body.app.settings.allowedOrigins).toEqual([SHOP, 'https://*.example.net']);
    const closed = await startOther();
    expect((await accountGet(closed)).app.settings.allowedOrigins).toEqual([]);
  });
});

const basicOf = (): string => {
  const { id, secret } = desk.started.accountKey;
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
};

/** Another app of the same house, with settings as they come. */
async function startOther(): Promise<string> {
  const { status, text } = await call('POST', '/v2/apps', { authorization: basicOf() }, { displayName: 'closed' });
  expect(status).toBe(201);
  return JSON.parse(text).app.id;
}

const accountGet = async (appId: string) =>
  JSON.parse((await call('GET', `/v2/apps/${appId}`, { authorization: basicOf() })).text);
