import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  businessText,
  refused,
  rejection,
  startContract,
  userText,
  type Bot,
  type Contract,
  type Loose,
  type Switchboard,
} from './kit.js';

/**
 * `docs/wire.md` 13, checks 13-27: the control actions. Three bots: `faq` is the default and hands on to `desk`,
 * which hands on to `quality`; an unlinked `watcher` receives every event of the conversation.
 */
describe('control, by the official client', () => {
  let contract: Contract;
  let faq: Bot;
  let desk: Bot;
  let quality: Bot;
  let watcher: Bot;
  let board: Switchboard;
  let control: Contract['client']['control'];

  beforeAll(async () => {
    contract = await startContract();
    control = contract.client.control;
    [faq, desk, quality, watcher] = (await Promise.all(
      ['faq', 'desk', 'quality', 'watcher'].map((name) => contract.bot(name)),
    )) as [Bot, Bot, Bot, Bot];
    board = await contract.switchboard([faq, desk, quality], {
      faq: { next: 'desk' },
      desk: { next: 'quality', deliverStandbyEvents: false },
      quality: { deliverStandbyEvents: false },
    });
  });
  afterAll(() => contract.close());

  const pass = (id: string, target: string, metadata?: object) =>
    control['passControl']!(contract.appId, id, { switchboardIntegration: target, ...(metadata ? { metadata } : {}) });
  const offer = (id: string, target: string) =>
    control['offerControl']!(contract.appId, id, { switchboardIntegration: target });
  const accept = (id: string, by = contract.client) => by.control['acceptControl']!(contract.appId, id, {});
  const release = (id: string, by = contract.client) => by.control['releaseControl']!(contract.appId, id);
  const show = async (id: string): Promise<Loose> =>
    (await contract.client.conversations['getConversation']!(contract.appId, id)).conversation;
  const holders = async (id: string) => {
    const { activeSwitchboardIntegration: active, pendingSwitchboardIntegration: pending } = await show(id);
    return [active?.name ?? null, pending?.name ?? null];
  };
  /** A user's message, seen by the watcher: whatever was to be said before it has been said. */
  const settle = async (conversation: { id: string; userId: string }) => {
    const { messages } = await contract.client.messages['postMessage']!(
      contract.appId,
      conversation.id,
      userText(conversation.userId, 'marker'),
    );
    return watcher.event(conversation.id, 'conversation:message', (p) => p.message.id === messages[0].id);
  };
  const controlEvents = (id: string) => watcher.types(id).filter((type) => type.startsWith('switchboard:'));

  it('13: a new conversation is held by the default, and says so, without a pending key', async () => {
    const { id } = await contract.conversation();
    const conversation = await show(id);
    expect(conversation.activeSwitchboardIntegration).toMatchObject({
      id: board.si['faq'],
      name: 'faq',
      integrationId: faq.integrationId,
      integrationType: 'custom',
    });
    expect(conversation.pendingSwitchboardIntegration).toBeUndefined();
    const raw = await contract.raw('GET', `/conversations/${id}`);
    expect(raw.body.conversation).not.toHaveProperty('pendingSwitchboardIntegration');
    const created = await faq.event(id, 'conversation:create');
    expect(created.payload.conversation.activeSwitchboardIntegration).toEqual({
      id: board.si['faq'],
      name: 'faq',
      integrationId: faq.integrationId,
      integrationType: 'custom',
    });
    expect(created.payload.conversation).not.toHaveProperty('pendingSwitchboardIntegration');
  });

  it('14: passes by id, by name and by type; an ambiguous type fails by event', async () => {
    const conversation = await contract.conversation();
    const { id } = conversation;
    await pass(id, board.si['desk']!);
    expect(await holders(id)).toEqual(['desk', null]);
    await pass(id, 'faq');
    expect(await holders(id)).toEqual(['faq', null]);
    const passed = await desk.event(id, 'switchboard:passControl');
    expect(passed.payload.conversation.activeSwitchboardIntegration.name).toBe('desk');
    expect(await pass(id, 'custom')).toBe('{}');
    const failure = await faq.event(id, 'switchboard:passControl:failure');
    expect(failure.payload.error.code).toBe('switchboard_invalid_target');
    expect(await holders(id)).toEqual(['faq', null]);
  });

  it('15: next advances each time for an app key, once for an integration key', async () => {
    const { id } = await contract.conversation();
    await pass(id, 'next');
    expect(await holders(id)).toEqual(['desk', null]);
    await pass(id, 'next');
    expect(await holders(id)).toEqual(['quality', null]);

    const other = await contract.conversation();
    const byBot = () =>
      faq.client.control['passControl']!(contract.appId, other.id, { switchboardIntegration: 'next' });
    expect(await byBot()).toBe('{}');
    expect(await holders(other.id)).toEqual(['desk', null]);
    expect(await byBot()).toBe('{}');
    expect(await holders(other.id)).toEqual(['desk', null]);
    await settle(other);
    expect(controlEvents(other.id)).toEqual(['switchboard:passControl']);
  });

  it('16: passing to the holder changes nothing and says nothing', async () => {
    const conversation = await contract.conversation();
    expect(await pass(conversation.id, 'faq')).toBe('{}');
    expect(await holders(conversation.id)).toEqual(['faq', null]);
    await settle(conversation);
    expect(controlEvents(conversation.id)).toEqual([]);
  });

  it('17: an unknown target answers {} and fails by event, with the metadata echoed', async () => {
    const { id } = await contract.conversation();
    expect(await pass(id, 'nobody', { ticket: 7, vip: true })).toBe('{}');
    const { payload } = await faq.event(id, 'switchboard:passControl:failure');
    expect(payload.error).toEqual({ code: 'switchboard_invalid_target', message: expect.any(String) });
    expect(payload.metadata).toEqual({ ticket: 7, vip: true });
    expect(payload.conversation.activeSwitchboardIntegration.name).toBe('faq');
  });

  it('17, strictly: the same failure is a 400 when asked for', async () => {
    const { id } = await contract.conversation();
    const answer = await contract.raw(
      'POST',
      `/conversations/${id}/passControl`,
      { switchboardIntegration: 'nobody' },
      { prefer: 'handling=strict' },
    );
    expect([answer.status, answer.body.errors[0].code]).toEqual([400, 'switchboard_invalid_target']);
  });

  it('18: a pass clears a pending offer', async () => {
    const { id } = await contract.conversation();
    await offer(id, 'desk');
    await pass(id, 'quality');
    expect(await holders(id)).toEqual(['quality', null]);
  });

  it('19: an offer shows both holders and reaches the one invited, though it asked for no standby events', async () => {
    const { id } = await contract.conversation();
    expect(await offer(id, 'desk')).toBe('{}');
    expect(await holders(id)).toEqual(['faq', 'desk']);
    const { payload } = await desk.event(id, 'switchboard:offerControl');
    expect(payload.conversation.activeSwitchboardIntegration.name).toBe('faq');
    expect(payload.conversation.pendingSwitchboardIntegration.name).toBe('desk');
  });

  it('20: an offer to the holder fails by event; a second offer replaces the first', async () => {
    const { id } = await contract.conversation();
    await offer(id, 'faq');
    const { payload } = await faq.event(id, 'switchboard:offerControl:failure');
    expect(payload.error).toEqual({
      code: 'switchboard_invalid_target',
      message: 'Cannot offer control to the active switchboard integration.',
    });
    await offer(id, 'desk');
    await offer(id, 'quality');
    expect(await holders(id)).toEqual(['faq', 'quality']);
  });

  it('21 and 22: only the pending one accepts; with none pending the accept fails by event', async () => {
    const { id } = await contract.conversation();
    await offer(id, 'desk');
    expect(await refused(accept(id, quality.client))).toEqual([403, 'forbidden']);
    expect(await accept(id, desk.client)).toBe('{}');
    expect(await holders(id)).toEqual(['desk', null]);
    await desk.event(id, 'switchboard:acceptControl');
    expect(await accept(id)).toBe('{}');
    const { payload } = await desk.event(id, 'switchboard:acceptControl:failure');
    expect(payload.error).toEqual({
      code: 'switchboard_invalid_action',
      message: 'There is no pendingSwitchboardIntegration',
    });
  });

  it('23: the holder or an app key releases, nobody else', async () => {
    const first = await contract.conversation();
    expect(await refused(release(first.id, desk.client))).toEqual([403, 'forbidden']);
    expect(await release(first.id, faq.client)).toBe('{}');
    const { payload } = await faq.event(first.id, 'switchboard:releaseControl');
    expect(payload.conversation).not.toHaveProperty('activeSwitchboardIntegration');
    expect(await holders(first.id)).toEqual([null, null]);
    const second = await contract.conversation();
    expect(await release(second.id)).toBe('{}');
    expect(await holders(second.id)).toEqual([null, null]);
  });

  it('24: after a release the next message finds the default, without a pass', async () => {
    const conversation = await contract.conversation();
    await pass(conversation.id, 'desk');
    await release(conversation.id);
    const marker = await settle(conversation);
    expect(marker.payload.conversation.activeSwitchboardIntegration.name).toBe('faq');
    expect(controlEvents(conversation.id)).toEqual(['switchboard:passControl', 'switchboard:releaseControl']);
  });

  it('25: an unknown conversation is a 404 on all four', async () => {
    const id = '0'.repeat(24);
    for (const call of [pass(id, 'desk'), offer(id, 'desk'), accept(id), release(id)]) {
      expect(await refused(call)).toEqual([404, 'conversation_not_found']);
    }
  });

  it('26: metadata is flat, small, and arrives unchanged', async () => {
    const { id } = await contract.conversation();
    const big = { text: 'x'.repeat(4100) };
    for (const metadata of [{ nested: { a: 1 } }, big]) {
      expect(await refused(pass(id, 'desk', metadata))).toEqual([400, 'bad_request']);
    }
    const metadata = { 'dataCapture.systemField.tags': 'vip', count: 2, urgent: true };
    await pass(id, 'desk', metadata);
    expect((await desk.event(id, 'switchboard:passControl')).payload.metadata).toEqual(metadata);
  });

  it('27: release takes metadata and reason over plain HTTP', async () => {
    const { id } = await contract.conversation();
    const body = { metadata: { by: 'desk' }, reason: 'ticketClosed' };
    const answer = await contract.raw('POST', `/conversations/${id}/releaseControl`, body);
    expect([answer.status, answer.text]).toEqual([200, '{}']);
    expect((await faq.event(id, 'switchboard:releaseControl')).payload).toMatchObject(body);
  });

  it('the fence: a linked bot that does not hold control is refused, and told who does', async () => {
    const { id } = await contract.conversation();
    await pass(id, 'desk');
    const say = () => faq.client.messages['postMessage']!(contract.appId, id, businessText('late reply'));
    const { status, body } = await rejection(say());
    expect([status, body.errors[0]]).toMatchObject([
      409,
      { code: 'not_in_control', holder: { name: 'desk' }, controlEpoch: expect.any(Number) },
    ]);
    await desk.client.messages['postMessage']!(contract.appId, id, businessText('a human'));
    const { messages } = await contract.client.messages['listMessages']!(contract.appId, id);
    expect(messages.map((message: Loose) => message.content.text)).toEqual(['a human']);
  });
});
