import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigurationStore } from '../../../src/configuration/index.js';
import type { AppId } from '../../../src/kernel/index.js';
import { made, openStage, refusal, type Json, type Stage, type Tenant } from './stage.js';

const nobody = '0123456789abcdef01234567';

describe('switchboards', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  const board = async (): Promise<{ tenant: Tenant; path: string; links: string }> => {
    const tenant = await stage.tenant();
    const { switchboard } = made(await tenant.caller.post(`${tenant.path}/switchboards`));
    const path = `${tenant.path}/switchboards/${switchboard.id}`;
    return { tenant, path, links: `${path}/switchboardIntegrations` };
  };
  const link = async (tenant: Tenant, links: string, body: object): Promise<Json> =>
    made(await tenant.caller.post(links, body)).switchboardIntegration;

  it('one of an app, also when two are asked for at once', async () => {
    const tenant = await stage.tenant();
    const answers = await Promise.all([1, 2, 3].map(() => tenant.caller.post(`${tenant.path}/switchboards`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400, 400]);
    expect(refusal(answers.find(({ status }) => status === 400)!)[2]).toBe(
      'Only one switchboard can be created per app',
    );
    const { body } = await tenant.caller.get(`${tenant.path}/switchboards`);
    expect(body.switchboards).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{24}$/),
        enabled: false,
        controlEnforcement: 'strict',
        failOverNote: expect.stringMatching(/^One moment please/),
        partingSeconds: 10,
        outsiders: 'allow',
        handOffLimit: 20,
      },
    ]);
  });

  it('keep their own settings, and are enabled only with a default', async () => {
    const { tenant, path, links } = await board();
    const patch = (body: object) => tenant.caller.patch(path, body);
    const early = [
      404,
      'switchboard_integration_not_found',
      'Enabled switchboard must have an associated default switchboardIntegration',
    ];
    expect(refusal(await patch({ enabled: true }))).toEqual(early);
    expect(refusal(await patch({ defaultSwitchboardIntegrationId: nobody }))[0]).toBe(404);
    const { id } = await tenant.bot();
    const one = await link(tenant, links, { name: 'one', integrationId: id });
    const body = {
      enabled: true,
      defaultSwitchboardIntegrationId: one.id,
      controlEnforcement: 'warn',
      offerExpirySeconds: 30,
    };
    expect((await patch(body)).body.switchboard).toMatchObject(body);
    expect(refusal(await patch({ defaultSwitchboardIntegrationId: null }))).toEqual(early);
    expect((await patch({ offerExpirySeconds: null })).body.switchboard.offerExpirySeconds).toBeUndefined();
    for (const bad of [{ controlEnforcement: 'lax' }, { offerExpirySeconds: 0 }, { enabled: 'yes' }]) {
      expect([bad, (await patch(bad)).status]).toEqual([bad, 400]);
    }
    expect((await tenant.caller.get(path)).body.switchboard).toMatchObject({
      enabled: true,
      controlEnforcement: 'warn',
    });
  });

  it('link by id or by type, and say what is wrong', async () => {
    const { tenant, links } = await board();
    const { id: integrationId } = await tenant.bot();
    const agent = await link(tenant, links, { name: 'agents', integrationType: 'zd:agentWorkspace' });
    expect(agent).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      name: 'agents',
      integrationId: expect.stringMatching(/^[0-9a-f]{24}$/),
      integrationType: 'zd:agentWorkspace',
      kind: 'agent',
      deliverStandbyEvents: true,
      nextSwitchboardIntegrationId: null,
      messageHistoryCount: null,
      holderDeadlineSeconds: 30,
      replyDeadlineSeconds: null,
      replyDeadlineAction: 'warn',
    });
    const one = await link(tenant, links, { name: 'one', integrationId, nextSwitchboardIntegrationId: agent.id });
    expect(one).toMatchObject({ integrationType: 'custom', kind: 'bot', nextSwitchboardIntegrationId: agent.id });
    expect((await tenant.caller.get(`${links}/${one.id}`)).body.switchboardIntegration).toEqual(one);

    const free = (await tenant.bot('free')).id;
    const foreign = await (await stage.tenant()).bot();
    const cases: [object, number, string][] = [
      [{ name: 'x' }, 400, 'bad_request'],
      [{ name: 'x', integrationId: free, integrationType: 'zd:answerBot' }, 400, 'bad_request'],
      [{ name: 'x', integrationType: 'custom' }, 400, 'bad_request'],
      [{ name: 'x', integrationId }, 400, 'bad_request'],
      [{ name: 'one', integrationId: free }, 400, 'bad_request'],
      [{ name: 'next', integrationId: free }, 400, 'bad_request'],
      [{ name: 'with space', integrationId: free }, 400, 'bad_request'],
      [{ name: 'x'.repeat(129), integrationId: free }, 400, 'bad_request'],
      [{ name: 'x', integrationId: free, messageHistoryCount: 11 }, 400, 'bad_request'],
      [{ name: 'x', integrationId: free, kind: 'cat' }, 400, 'bad_request'],
      [
        { name: 'x', integrationId: free, nextSwitchboardIntegrationId: nobody },
        404,
        'switchboard_integration_not_found',
      ],
      [{ name: 'x', integrationId: foreign.id }, 404, 'integration_not_found'],
      [{ name: 'x', integrationId: "'" }, 404, 'integration_not_found'],
    ];
    for (const [body, status, code] of cases) {
      expect([body, ...refusal(await tenant.caller.post(links, body)).slice(0, 2)]).toEqual([body, status, code]);
    }
    expect((await tenant.caller.get(links)).body.switchboardIntegrations).toHaveLength(2);
  });

  it('change a link by the same rules', async () => {
    const { tenant, links } = await board();
    const [a, b] = [
      await link(tenant, links, { name: 'a', integrationId: (await tenant.bot('a')).id }),
      await link(tenant, links, { name: 'b', integrationId: (await tenant.bot('b')).id }),
    ];
    const patch = (body: object) => tenant.caller.patch(`${links}/${b.id}`, body);
    expect((await patch({ name: 'c', kind: 'agent', messageHistoryCount: 3 })).body.switchboardIntegration).toEqual({
      ...b,
      name: 'c',
      kind: 'agent',
      messageHistoryCount: 3,
    });
    expect((await patch({ name: 'c' })).status).toBe(200);
    for (const bad of [{ name: 'a' }, { integrationId: a.integrationId }, { nextSwitchboardIntegrationId: b.id }]) {
      expect([bad, (await patch(bad)).status]).toEqual([bad, 400]);
    }
    const other = await tenant.bot('other');
    expect((await patch({ integrationId: other.id })).body.switchboardIntegration).toMatchObject({
      integrationId: other.id,
      integrationType: 'custom',
    });
  });

  it('hold at most ten links, and none that others rely on goes', async () => {
    const { tenant, path, links } = await board();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => tenant.caller.post(links, { name: `n${i}`, integrationType: `oauth-${i}` })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    expect(refusal(answers.find(({ status }) => status !== 201)!)).toEqual([
      400,
      'too_many_switchboard_integrations',
      'Switchboard has reached the max number of switchboard integrations (10)',
    ]);
    const [first, second, third] = (await tenant.caller.get(links)).body.switchboardIntegrations;
    await tenant.caller.patch(path, { defaultSwitchboardIntegrationId: first.id });
    await tenant.caller.patch(`${links}/${third.id}`, { nextSwitchboardIntegrationId: second.id });
    for (const { id, integrationId } of [first, second]) {
      expect(refusal(await tenant.caller.delete(`${links}/${id}`)).slice(0, 2)).toEqual([400, 'bad_request']);
      expect((await tenant.caller.delete(`${tenant.path}/integrations/${integrationId}`)).status).toBe(400);
    }
    expect((await tenant.caller.delete(`${links}/${third.id}`)).body).toEqual({});
    expect((await tenant.caller.delete(`${links}/${second.id}`)).body).toEqual({});
    expect((await tenant.caller.delete(path)).body).toEqual({});
    expect(refusal(await tenant.caller.get(links))[1]).toBe('switchboard_not_found');
    expect((await tenant.caller.get(`${tenant.path}/integrations`)).body.integrations).toHaveLength(10);
  });

  it('every change is seen by the next read of this process', async () => {
    const { tenant, path, links } = await board();
    const configurations = stage.started.app.get(ConfigurationStore);
    const current = () => configurations.current(tenant.id as AppId);
    let { version } = await current();
    const changed = async (what: () => Promise<unknown>): Promise<void> => {
      await what();
      const now = (await current()).version;
      expect(now).toBeGreaterThan(version);
      version = now;
    };
    const bot = await tenant.bot();
    await changed(() => link(tenant, links, { name: 'one', integrationId: bot.id }));
    expect((await current()).switchboard?.integrations.map(({ name }) => name)).toEqual(['one']);
    await changed(() => tenant.caller.patch(path, { controlEnforcement: 'off' }));
    expect((await current()).switchboard?.enforcement).toBe('off');
    await changed(() => tenant.caller.patch(tenant.path, { settings: { onEnd: { endUser: 'pass:one' } } }));
    expect((await current()).settings.onEnd.end_user).toEqual({ mode: 'pass', to: 'one' });
    const hook = `${tenant.path}/integrations/${bot.id}/webhooks/${bot.webhook.id}`;
    await changed(() => tenant.caller.patch(hook, { triggers: ['*'] }));
    expect((await current()).webhooks[0]?.triggers).toEqual(new Set(['*']));
    await changed(() => tenant.caller.patch(tenant.path, { settings: { onEnd: { endUser: 'release' } } }));
    await changed(() => tenant.caller.delete(path));
    expect((await current()).switchboard).toBeNull();
  });
});
