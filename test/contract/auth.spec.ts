import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT, UnsecuredJWT } from 'jose';
import { refused, rejection, startContract, type Contract } from './kit.js';

/** `docs/wire.md` 13, checks 1-6 and 47: authentication and transport. */
describe('authentication and transport, by the official client', () => {
  let contract: Contract;
  beforeAll(async () => {
    contract = await startContract();
  });
  afterAll(() => contract.close());

  const token = (claims: object, secret: string, kid: string) =>
    new SignJWT({ ...claims }).setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid }).sign(Buffer.from(secret));

  it('1: lets a basic app key in and refuses a wrong secret', async () => {
    const { client, appId, appKey } = contract;
    expect((await client.apps['getApp']!(appId)).app.id).toBe(appId);
    const wrong = await rejection(contract.as({ ...appKey, secret: 'wrong' }).apps['getApp']!(appId));
    expect(wrong.status).toBe(401);
    expect(wrong.body.errors[0]).toMatchObject({ code: 'unauthorized', title: 'Authorization is required' });
  });

  it('2: takes a bearer token signed with the key, and no other', async () => {
    const { appId, appKey } = contract;
    const get = (jwt: string) => contract.as({ token: jwt }).apps['getApp']!(appId);
    const { id: kid, secret } = appKey;
    expect((await get(await token({ scope: 'app' }, secret, kid))).app.id).toBe(appId);
    const past = Math.floor(Date.now() / 1000) - 60;
    for (const bad of [
      await token({ scope: 'account' }, secret, kid),
      await token({ scope: 'integration' }, secret, kid),
      await token({}, secret, kid),
      await token({ scope: 'app' }, `${secret}x`, kid),
      await token({ scope: 'app' }, secret, 'app_000000000000000000000000'),
      await token({ scope: 'app', exp: past }, secret, kid),
      new UnsecuredJWT({ scope: 'app' }).encode(),
      'not.a.token',
    ]) {
      expect(await refused(get(bad))).toEqual([401, 'unauthorized']);
    }
  });

  it('3: gives an integration key its users, conversations, messages and own webhooks, and no settings', async () => {
    const bot = await contract.bot('own-webhooks');
    const { appId } = contract;
    const { user } = await bot.client.users['createUser']!(appId, { externalId: 'by-integration' });
    const { conversation } = await bot.client.conversations['createConversation']!(appId, {
      type: 'personal',
      participants: [{ userId: user.id }],
    });
    await bot.client.messages['postMessage']!(appId, conversation.id, {
      author: { type: 'business' },
      content: { type: 'text', text: 'hello' },
    });
    for (const id of ['me', bot.integrationId]) {
      expect((await bot.client.webhooks['listWebhooks']!(appId, id)).webhooks).toHaveLength(1);
    }
    const other = await contract.bot('somebody-else');
    expect(await refused(bot.client.webhooks['listWebhooks']!(appId, other.integrationId))).toEqual([403, 'forbidden']);
    expect(await refused(bot.client.switchboards['listSwitchboards']!(appId))).toEqual([403, 'forbidden']);
    expect(await refused(bot.client.integrations['listIntegrations']!(appId))).toEqual([403, 'forbidden']);
  });

  it('4: answers with and without /sc in the base path', async () => {
    const { appId, appKey, url } = contract;
    for (const base of [url, `${url}/sc`]) {
      expect((await contract.as(appKey, base).apps['getApp']!(appId)).app.id).toBe(appId);
    }
  });

  it('5 and 6: takes calls without a body, and answers the empty ones with {}', async () => {
    const { client, appId } = contract;
    const { switchboard } = await client.switchboards['createSwitchboard']!(appId);
    expect(switchboard.id).toMatch(/^[0-9a-f]{24}$/);
    const { id } = await contract.conversation();
    expect(await client.control['releaseControl']!(appId, id)).toBe('{}');
    expect(await client.switchboards['deleteSwitchboard']!(appId, switchboard.id)).toBe('{}');
    expect(
      await client.activities['postActivity']!(appId, id, { author: { type: 'business' }, type: 'typing:start' }),
    ).toBe('{}');
  });

  it('47: every error is a list of code and title, as JSON', async () => {
    const cases: [string, string, unknown, number][] = [
      ['GET', '/nowhere', undefined, 404],
      ['POST', '/users', '{"externalId":', 400],
      ['POST', '/users', { externalId: 'x', metadata: { big: 'x'.repeat(120_000) } }, 413],
      ['GET', '/users/unknown-user', undefined, 404],
      ['POST', '/users', {}, 201],
    ];
    for (const [method, path, body, status] of cases) {
      const answer = await contract.raw(method, path, body);
      expect([path, answer.status]).toEqual([path, status]);
      expect(answer.contentType).toContain('application/json');
      if (status < 400) continue;
      expect(answer.body.errors[0]).toMatchObject({ code: expect.any(String), title: expect.any(String) });
    }
  });
});
