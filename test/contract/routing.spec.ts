import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { businessText, startContract, userText, type Bot, type Contract, type Loose } from './kit.js';

/** `docs/wire.md` 13, checks 28-32: who hears which event. */
describe('event routing, by the official client', () => {
  let contract: Contract;
  let holder: Bot;
  let listener: Bot;
  let deaf: Bot;
  let outsider: Bot;
  let picky: Bot;
  let board: { id: string; si: Record<string, string> };

  beforeAll(async () => {
    contract = await startContract();
    [holder, listener, deaf, outsider] = (await Promise.all(
      ['holder', 'listener', 'deaf', 'outsider'].map((name) => contract.bot(name)),
    )) as [Bot, Bot, Bot, Bot];
    picky = await contract.bot('picky', ['conversation:read']);
    board = await contract.switchboard([holder, listener, deaf], { deaf: { deliverStandbyEvents: false } });
  });
  afterAll(() => contract.close());

  const post = async (id: string, body: object, by = contract.client): Promise<string> =>
    (await by.messages['postMessage']!(contract.appId, id, body)).messages[0].id;
  const hears = (bot: Bot, id: string, messageId: string) =>
    bot.event(id, 'conversation:message', (payload: Loose) => payload.message.id === messageId);

  it('28 and 30: the holder, listening standbys and unlinked ones hear; a deaf standby does not', async () => {
    const { id, userId } = await contract.conversation();
    const messageId = await post(id, userText(userId, 'one'));
    for (const bot of [holder, listener, outsider]) {
      const event = await hears(bot, id, messageId);
      expect(event.payload.conversation.activeSwitchboardIntegration.name).toBe('holder');
    }
    // The deaf one becomes the holder and hears the next message: had it been sent the first one, it would be there.
    await contract.client.control['passControl']!(contract.appId, id, { switchboardIntegration: 'deaf' });
    const second = await post(id, userText(userId, 'two'));
    await hears(deaf, id, second);
    expect(deaf.types(id)).toEqual(['switchboard:passControl', 'conversation:message']);
  });

  it('29: a pending one hears messages, whatever its standby setting', async () => {
    const { id, userId } = await contract.conversation();
    await contract.client.control['offerControl']!(contract.appId, id, { switchboardIntegration: 'deaf' });
    await hears(deaf, id, await post(id, userText(userId, 'while pending')));
  });

  it('30: with the switchboard disabled everybody hears everything', async () => {
    const { client, appId } = contract;
    await client.switchboards['updateSwitchboard']!(appId, board.id, { enabled: false });
    try {
      const { id, userId } = await contract.conversation();
      const messageId = await post(id, userText(userId, 'set-up'));
      for (const bot of [holder, listener, deaf, outsider]) await hears(bot, id, messageId);
    } finally {
      await client.switchboards['updateSwitchboard']!(appId, board.id, { enabled: true });
    }
  });

  it("31: a bot's own message comes back to it", async () => {
    const { id } = await contract.conversation();
    const messageId = await post(id, businessText('my own'), holder.client);
    const event = await hears(holder, id, messageId);
    expect(event.payload.message.author.type).toBe('business');
  });

  it('32: only subscribed triggers are sent, and their case matters', async () => {
    const { id, userId } = await contract.conversation();
    const messageId = await post(id, userText(userId, 'not for picky'));
    await hears(holder, id, messageId);
    await contract.client.activities['postActivity']!(contract.appId, id, {
      author: { type: 'business' },
      type: 'conversation:read',
    });
    await picky.event(id, 'conversation:read');
    expect(picky.types(id)).toEqual(['conversation:read']);
    const wrongCase = await contract.raw('POST', `/integrations/${outsider.integrationId}/webhooks`, {
      target: 'http://127.0.0.1:9/',
      triggers: ['Conversation:Message'],
    });
    expect([wrongCase.status, wrongCase.body.errors[0].code]).toEqual([400, 'bad_request']);
  });
});
