import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { basic } from '../../support/desk.js';
import { startApp, type StartedApp } from '../../support/app.js';

const PUBLIC = 'https://support.example.org/chat';

/** Pages of apps, asked for by somebody who names another host. */
async function nextPage(started: StartedApp, headers: Record<string, string>): Promise<string> {
  const answer = await request(started.url)
    .get('/v2/apps?page[size]=1')
    .set('authorization', basic(started.accountKey))
    .set(headers);
  expect(answer.status).toBe(200);
  return answer.body.links.next;
}

async function twoApps(started: StartedApp): Promise<void> {
  for (const displayName of ['one', 'other'])
    await request(started.url).post('/v2/apps').set('authorization', basic(started.accountKey)).send({ displayName });
}

describe('a house that knows its own address', () => {
  let started: StartedApp;
  beforeAll(async () => {
    started = await startApp({ settings: { SWITCHBOARD_PUBLIC_URL: PUBLIC } });
    await twoApps(started);
  });
  afterAll(() => started.close());

  it('links to further pages there, whatever host the caller names', async () => {
    const next = await nextPage(started, { host: 'evil.example', 'x-forwarded-host': 'evil.example' });
    expect(next).toMatch(/^https:\/\/support\.example\.org\/chat\/v2\/apps\?/);
  });

  it('asks who lacks credentials for them: a page only for a token', async () => {
    const business = await request(started.url).get('/v2/apps');
    expect(business.status).toBe(401);
    expect(business.headers['www-authenticate']).toBe(
      'Basic realm="switchboard", charset="UTF-8", Bearer realm="switchboard"',
    );
    const page = await request(started.url).get(`/client/v1/apps/${'a'.repeat(24)}/conversations`);
    expect([page.status, page.headers['www-authenticate']]).toEqual([401, 'Bearer realm="switchboard"']);
  });

  it.each(['/v2/apps', '/nowhere', '/health/ready', '/client/v1/apps/x/conversations'])(
    'lets nobody keep what %s answers, or take it for a page',
    async (path) => {
      const { headers } = await request(started.url).get(path).set('authorization', basic(started.accountKey));
      expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    },
  );
});

describe('a house behind a proxy', () => {
  const forwarded = { host: 'inside:8080', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'support.example.org' };

  it('believes one that it was told of', async () => {
    const started = await startApp({ settings: { SWITCHBOARD_TRUST_PROXY: '10.0.0.0/8, 127.0.0.1/32' } });
    await twoApps(started);
    expect(await nextPage(started, forwarded)).toMatch(/^https:\/\/support\.example\.org\/v2\/apps\?/);
    await started.close();
  });

  it('believes no other', async () => {
    const started = await startApp({ settings: { SWITCHBOARD_TRUST_PROXY: '10.0.0.0/8' } });
    await twoApps(started);
    expect(await nextPage(started, forwarded)).toMatch(/^http:\/\/inside:8080\/v2\/apps\?/);
    await started.close();
  });
});
