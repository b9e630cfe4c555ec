import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { until } from '../support/until.js';
import { refused, startContract, userText, type Bot, type Contract, type Loose } from './kit.js';

/** `docs/wire.md` 13, checks 33, 34 and 36: the envelope, the retries, the limits. Waits are scaled down. */
describe('webhooks, by the official client', () => {
  let contract: Contract;
  beforeAll(async () => {
    contract = await startContract({
      settings: {
        SWITCHBOARD_WEBHOOK_TIMEOUT_MS: '400',
        SWITCHBOARD_WEBHOOK_RETRY_DELAYS_MS: '0,50,100,150,200',
      },
    });
  });
  afterAll(() => contract.close());

  const say = async (text: string) => {
    const conversation = await contract.conversation();
    await contract.client.messages['postMessage']!(
      contract.appId,
      conversation.id,
      userText(conversation.userId, text),
    );
    return conversation.id;
  };
  const attempts = (bot: Bot, id: string) =>
    bot.receiver.received.filter(({ event }) => event.payload.conversation?.id === id);

  it('33: one event per POST in the v2 envelope, with the secret and the standard signature', async () => {
    const bot = await contract.bot('envelope', ['conversation:message']);
    const { webhooks } = await contract.client.webhooks['listWebhooks']!(contract.appId, bot.integrationId);
    const [webhook] = webhooks as [Loose];
    const shown = await contract.client.webhooks['getWebhook']!(contract.appId, bot.integrationId, webhook.id);
    expect(shown.webhook.secret).toBe(webhook.secret);

    const id = await say('hello');
    await bot.event(id, 'conversation:message');
    const [request] = attempts(bot, id);
    expect(request!.headers['x-api-key']).toBe(webhook.secret);
    expect(request!.body).toMatchObject({ app: { id: contract.appId }, webhook: { id: webhook.id, version: 'v2' } });
    expect(request!.body.events).toHaveLength(1);
    expect(request!.event).toMatchObject({ seq: expect.any(Number), controlEpoch: expect.any(Number) });
    const key = Buffer.from(webhook.secret).toString('base64');
    expect(() => new Webhook(key).verify(request!.raw, request!.headers)).not.toThrow();
  });

  it('34: 500, then 200 is delivered once more under the same id and bytes', async () => {
    const bot = await contract.bot('stumbles', ['conversation:message']);
    bot.receiver.reply((request) => (request.index === 0 ? 500 : 200));
    const id = await say('again');
    await until(() => attempts(bot, id).length === 2, { what: 'the second attempt' });
    const [first, second] = attempts(bot, id);
    expect(second!.event.id).toBe(first!.event.id);
    expect(second!.raw).toBe(first!.raw);
  });

  it('34: 404 is final, silence is retried, and five attempts are all there are', async () => {
    const gone = await contract.bot('gone', ['conversation:message']);
    gone.receiver.reply(404);
    const silent = await contract.bot('silent', ['conversation:message']);
    silent.receiver.reply((request) => (request.index === 0 ? 'hang' : 200));
    const broken = await contract.bot('broken', ['conversation:message']);
    broken.receiver.reply(500);
    const id = await say('anybody?');
    await until(() => attempts(broken, id).length === 5, { what: 'five attempts' });
    await until(() => attempts(silent, id).length === 2, { what: 'a retry after silence' });
    // The next message of the lane is sent only once the head is buried, so a sixth attempt would have come before it.
    broken.receiver.reply(200);
    const { participants } = await contract.client.participants['listParticipants']!(contract.appId, id);
    await contract.client.messages['postMessage']!(contract.appId, id, userText(participants[0].userId, 'and now?'));
    await until(() => attempts(broken, id).length === 6, { what: 'the next message' });
    const texts = attempts(broken, id).map(({ event }) => event.payload.message.content.text);
    expect(texts).toEqual([...Array(5).fill('anybody?'), 'and now?']);
    await until(() => attempts(gone, id).length === 2, { what: 'the message behind a 404' });
    expect(attempts(gone, id).map(({ event }) => event.payload.message.content.text)).toEqual(['anybody?', 'and now?']);
  });

  it('36: a second webhook of a custom integration and an eleventh of an app are refused', async () => {
    const { client, appId } = contract;
    const bot = await contract.bot('first');
    const create = (integrationId: string) =>
      client.webhooks['createWebhook']!(appId, integrationId, {
        target: bot.receiver.url,
        triggers: ['conversation:message'],
      });
    expect(await refused(create(bot.integrationId))).toEqual([400, 'bad_request']);
    const { integrations } = await client.integrations['listIntegrations']!(appId);
    for (let count = integrations.length; count < 10; count++) await contract.bot(`more-${count}`);
    expect(await refused(contract.bot('eleventh'))).toEqual([400, 'bad_request']);
  });
});
