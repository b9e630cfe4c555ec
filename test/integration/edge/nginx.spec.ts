import { Agent, request as send } from 'node:https';
import type { LookupFunction } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../../src/platform/process/index.js';
import { officialClient } from '../../contract/official-client.js';
import { startApp, type StartedApp } from '../../support/app.js';
import { basic } from '../../support/desk.js';
import { startNginx, type Ending, type Nginx } from '../../support/nginx.js';

const HOST = 'localhost';
const APPS = 5;
const GUESSES = 8;

interface House {
  readonly started: StartedApp;
  readonly nginx: Nginx;
  /** What callers are told to call. */
  readonly url: string;
  readonly agent: Agent;
  close(): Promise<void>;
}

async function houseBehindNginx(settings: (url: string) => Record<string, string>, ending: Partial<Ending> = {}) {
  const port = await freePort();
  const url = `https://${HOST}:${port}`;
  const started = await startApp({ settings: { SWITCHBOARD_GUESSES_PER_MINUTE: String(GUESSES), ...settings(url) } });
  const nginx = await startNginx({ host: HOST, upstream: started.url, port, ...ending });
  expect(nginx.port).toBe(port);
  const agent = new Agent({ ca: nginx.ca, keepAlive: true });
  const close = async (): Promise<void> => {
    agent.destroy();
    await nginx.stop();
    await started.close();
  };
  return { started, nginx, url, agent, close };
}

interface Told {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read bodies freely
  readonly body: any;
}

/** A call through the proxy, from a loopback address of choice: to nginx each is another caller. */
function call({ agent }: House, url: string, headers: Record<string, string>, from = '127.0.0.1'): Promise<Told> {
  return new Promise((resolve, reject) => {
    const asked = send(url, { agent, headers, localAddress: from, lookup: loopback }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: text === '' ? null : JSON.parse(text) }));
    });
    asked.once('error', reject).end();
  });
}

/** `localhost` may be ::1 first, where nginx does not listen. */
const loopback: LookupFunction = (_host, options, done) =>
  options.all === true ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);

describe.each<readonly [string, (url: string) => Record<string, string>, Partial<Ending>]>([
  ['that it trusts', () => ({ SWITCHBOARD_TRUST_PROXY: '127.0.0.1/32' }), {}],
  ['that tells nothing, with its public URL set', (url) => ({ SWITCHBOARD_PUBLIC_URL: url }), { tells: false }],
])('a house behind nginx with TLS %s', (_, settings, ending) => {
  let house: House;
  beforeAll(async () => {
    house = await houseBehindNginx(settings, ending);
  }, 60_000);
  afterAll(() => house?.close());

  it('keeps an official client, and whoever follows links, on https and the public host', async () => {
    const client = officialClient(house.url, house.started.accountKey, { agent: house.agent });
    for (let n = 0; n < APPS; n += 1) await client.apps['createApp']?.({ displayName: `app ${n}` });
    const first = await client.apps['listApps']?.({ page: { size: 2 } });
    expect(first.apps).toHaveLength(2);

    const authorization = basic(house.started.accountKey);
    const seen = new Set<string>(first.apps.map(({ id }: { id: string }) => id));
    let next: string | undefined = first.links.next;
    while (next !== undefined) {
      expect(next).toMatch(new RegExp(`^${house.url}/v2/apps\\?`));
      const { status, body } = await call(house, next, { authorization });
      expect(status).toBe(200);
      for (const { id } of body.apps) seen.add(id);
      if (body.links?.prev) expect(body.links.prev).toMatch(new RegExp(`^${house.url}/v2/apps\\?`));
      next = body.links?.next;
    }
    expect(seen.size).toBe(APPS);
  });
});

describe('guesses through nginx', () => {
  let house: House;
  beforeAll(async () => {
    house = await houseBehindNginx(() => ({ SWITCHBOARD_TRUST_PROXY: '127.0.0.1/32' }));
  }, 60_000);
  afterAll(() => house?.close());

  const guess = async (from: string, headers: Record<string, string> = {}) =>
    (await call(house, `${house.url}/v2/apps`, { authorization: 'Bearer x', ...headers }, from)).status;

  it('count for the address at its other end, and shut nobody else out', async () => {
    for (let n = 0; n < GUESSES; n += 1) expect(await guess('127.0.0.2')).toBe(401);
    expect(await guess('127.0.0.2')).toBe(429);
    expect(await guess('127.0.0.3')).toBe(401);
  });

  it('count for that address also when the caller claims to be a proxy for others', async () => {
    for (let n = 0; n < GUESSES; n += 1)
      expect(await guess('127.0.0.4', { 'x-forwarded-for': `203.0.113.${n}` })).toBe(401);
    expect(await guess('127.0.0.4', { 'x-forwarded-for': '203.0.113.99' })).toBe(429);
    expect(await guess('127.0.0.5')).toBe(401);
  });
});
