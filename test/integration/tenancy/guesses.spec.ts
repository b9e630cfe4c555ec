import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { startApp, type StartedApp } from '../../support/app.js';

const LIMIT = 25;

/** From loopback, which is an address like any other. */
describe('wrong credentials from one address', () => {
  let started: StartedApp;
  let right: string;
  let appId: string;
  beforeAll(async () => {
    started = await startApp({ settings: { SWITCHBOARD_GUESSES_PER_MINUTE: String(LIMIT) } });
    const { id, secret } = started.accountKey;
    right = basic(id, secret);
    const { body } = await request(started.url).post('/v2/apps').set('authorization', right).send({ displayName: 'a' });
    appId = body.app.id;
  });
  afterAll(() => started.close());

  const basic = (id: string, secret: string): string => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

  const call = (authorization?: string, path = `/v2/apps/${appId}`) => {
    const asked = request(started.url).get(path);
    return authorization === undefined ? asked : asked.set('authorization', authorization);
  };

  it('are answered 429 with Retry-After beyond the limit, whatever is wrong with them; the right ones always pass', async () => {
    const { id } = started.accountKey;
    const wrong: readonly (string | undefined)[] = [
      undefined,
      basic(id, 'a-wrong-secret'),
      basic(`app_${'0'.repeat(24)}`, 'a-wrong-secret'),
      'Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln',
      'Digest nothing',
    ];
    for (let n = 0; n < LIMIT; n++) expect((await call(wrong[n % wrong.length])).status).toBe(401);
    for (const credentials of wrong) {
      const { status, headers, body } = await call(credentials);
      expect([status, body.errors[0].code]).toEqual([429, 'too_many_requests']);
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60);
      expect((await call(right)).status).toBe(200);
    }
  });

  it('a key that was never used before passes too', async () => {
    const made = await request(started.url)
      .post(`/v2/apps/${appId}/keys`)
      .set('authorization', right)
      .send({ displayName: 'fresh' });
    const { id, secret } = made.body.key;
    expect((await call(basic(id, secret))).status).toBe(200);
    expect((await call(basic(id, `${secret}x`))).status).toBe(429);
  });

  it('a link to a survey that nobody signed is such a guess', async () => {
    const { status, headers } = await call(undefined, `/surveys/${'0'.repeat(24)}-abc-${'A'.repeat(43)}`);
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  });

  it('health and figures are asked without any, and are not limited', async () => {
    for (let n = 0; n < LIMIT * 2; n++) expect((await call(undefined, '/health/ready')).status).toBe(200);
    const { text } = await call(undefined, '/metrics');
    expect(text).toMatch(/switchboard_http_guesses_total\{outcome="limited"\} \d/);
  });
});
