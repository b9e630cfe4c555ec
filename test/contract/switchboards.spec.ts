import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { refused, rejection, startContract, type Bot, type Contract, type Loose } from './kit.js';

/** `docs/wire.md` 13, checks 7-12: setting a switchboard up. */
describe('switchboard set-up, by the official client', () => {
  let contract: Contract;
  let bots: Bot[];
  beforeAll(async () => {
    contract = await startContract();
    bots = [];
    for (let i = 0; i < 10; i++) bots.push(await contract.bot(`bot-${i}`, ['conversation:message']));
  });
  afterAll(() => contract.close());
  afterEach(async () => {
    const { client, appId } = contract;
    const { switchboards } = await client.switchboards['listSwitchboards']!(appId);
    for (const { id } of switchboards) await client.switchboards['deleteSwitchboard']!(appId, id);
  });

  const create = async (): Promise<string> =>
    (await contract.client.switchboards['createSwitchboard']!(contract.appId)).switchboard.id;
  const link = async (switchboardId: string, body: object): Promise<Loose> =>
    (
      await contract.client.switchboardIntegrations['createSwitchboardIntegration']!(
        contract.appId,
        switchboardId,
        body,
      )
    ).switchboardIntegration;

  it('7: starts disabled, is the only one, and is listed', async () => {
    const { client, appId } = contract;
    const { switchboard } = await client.switchboards['createSwitchboard']!(appId);
    expect(switchboard.enabled).toBe(false);
    expect(switchboard.defaultSwitchboardIntegrationId).toBeUndefined();
    const second = await rejection(client.switchboards['createSwitchboard']!(appId));
    expect([second.status, second.body.errors[0]]).toMatchObject([
      400,
      { code: 'bad_request', title: 'Only one switchboard can be created per app' },
    ]);
    expect((await client.switchboards['listSwitchboards']!(appId)).switchboards).toHaveLength(1);
  });

  it('8: links by integration id or type, and answers with both', async () => {
    const id = await create();
    const byId = await link(id, { name: 'by-id', integrationId: bots[0]!.integrationId });
    expect(byId).toMatchObject({
      integrationId: bots[0]!.integrationId,
      integrationType: 'custom',
      deliverStandbyEvents: true,
    });
    const byType = await link(id, { name: 'by-type', integrationType: 'zd:agentWorkspace' });
    expect(byType.integrationType).toBe('zd:agentWorkspace');
    expect(byType.integrationId).toMatch(/^[0-9a-f]{24}$/);
  });

  it('9: refuses both or neither of the two, bad names, and an eleventh', async () => {
    const id = await create();
    const { integrationId } = bots[0]!;
    const bad = [
      { name: 'both', integrationId, integrationType: 'custom' },
      { name: 'neither' },
      { name: 'with space', integrationId },
      { name: 'x'.repeat(129), integrationId },
      { name: 'next', integrationId },
      { integrationId },
    ];
    for (const body of bad) expect(await refused(link(id, body))).toEqual([400, 'bad_request']);
    for (const bot of bots) await link(id, { name: bot.name, integrationId: bot.integrationId });
    expect(await refused(link(id, { name: 'eleventh', integrationType: 'zd:agentWorkspace' }))).toEqual([
      400,
      'too_many_switchboard_integrations',
    ]);
  });

  it('10: keeps null in nextSwitchboardIntegrationId and bounds messageHistoryCount', async () => {
    const { client, appId } = contract;
    const id = await create();
    const a = await link(id, { name: 'a', integrationId: bots[0]!.integrationId, messageHistoryCount: 10 });
    const b = await link(id, {
      name: 'b',
      integrationId: bots[1]!.integrationId,
      nextSwitchboardIntegrationId: a.id,
    });
    expect(b.nextSwitchboardIntegrationId).toBe(a.id);
    const patch = (body: object) =>
      client.switchboardIntegrations['updateSwitchboardIntegration']!(appId, id, b.id, body);
    const cleared = await patch({ nextSwitchboardIntegrationId: null });
    expect(cleared.switchboardIntegration.nextSwitchboardIntegrationId).toBeNull();
    for (const messageHistoryCount of [0, 11]) {
      expect(await refused(patch({ messageHistoryCount }))).toEqual([400, 'bad_request']);
    }
  });

  it('11: is enabled only with a default', async () => {
    const { client, appId } = contract;
    const id = await create();
    const patch = (body: object) => client.switchboards['updateSwitchboard']!(appId, id, body);
    const early = await rejection(patch({ enabled: true }));
    expect([early.status, early.body.errors[0]]).toMatchObject([
      404,
      {
        code: 'switchboard_integration_not_found',
        title: 'Enabled switchboard must have an associated default switchboardIntegration',
      },
    ]);
    const a = await link(id, { name: 'a', integrationId: bots[0]!.integrationId });
    const { switchboard } = await patch({ enabled: true, defaultSwitchboardIntegrationId: a.id });
    expect(switchboard).toMatchObject({ enabled: true, defaultSwitchboardIntegrationId: a.id });
  });

  it('12: keeps a default and a next from being deleted; without a switchboard everybody hears everything', async () => {
    const { client, appId } = contract;
    const [first, second, third] = bots as [Bot, Bot, Bot];
    const { id, si } = await contract.switchboard([first, second, third], {
      [second.name]: { deliverStandbyEvents: false },
      [third.name]: { deliverStandbyEvents: false, next: second.name },
    });
    const remove = (name: string) =>
      client.switchboardIntegrations['deleteSwitchboardIntegration']!(appId, id, si[name]);
    expect((await refused(remove(first.name)))[0]).toBe(400);
    expect((await refused(remove(second.name)))[0]).toBe(400);
    expect(await remove(third.name)).toBe('{}');
    expect(await client.switchboards['deleteSwitchboard']!(appId, id)).toBe('{}');

    const conversation = await contract.conversation();
    await client.messages['postMessage']!(appId, conversation.id, {
      author: { type: 'user', userId: conversation.userId },
      content: { type: 'text', text: 'who hears me?' },
    });
    for (const bot of bots) await bot.event(conversation.id, 'conversation:message');
  });
});
