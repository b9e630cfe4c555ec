import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Db } from '../../../src/platform/postgres/index.js';
import { made, openStage, refusal, webhookBody, type Stage, type Tenant } from './stage.js';
import { unbound } from '../../support/unbound.js';

const nobody = '0123456789abcdef01234567';

describe('integrations and their webhooks', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  const create = (tenant: Tenant, body: object) => tenant.caller.post(`${tenant.path}/integrations`, body);
  const custom = { type: 'custom', displayName: 'bot', webhooks: [webhookBody] };

  it('custom ones have exactly one webhook, whose secret may be read again', async () => {
    const tenant = await stage.tenant();
    const { integration } = made(await create(tenant, custom));
    expect(integration).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      type: 'custom',
      status: 'active',
      displayName: 'bot',
      webhooks: [
        {
          id: expect.stringMatching(/^[0-9a-f]{24}$/),
          version: 'v2',
          ...webhookBody,
          secret: expect.stringMatching(/^[0-9a-f]{32}$/),
          includeFullUser: false,
          includeFullSource: false,
        },
      ],
    });
    const path = `${tenant.path}/integrations/${integration.id}`;
    expect((await tenant.caller.get(path)).body).toEqual({ integration });
    expect((await tenant.caller.get(`${path}/webhooks`)).body).toEqual({ webhooks: integration.webhooks });
    expect(refusal(await tenant.caller.post(`${path}/webhooks`, webhookBody))[0]).toBe(400);
    const [row] = await unbound(stage.started.app.get(Db)).selectFrom('webhook').selectAll().execute();
    expect(row?.secret.includes(integration.webhooks[0].secret)).toBe(false);
  });

  it.each([
    [{ type: 'custom' }, "should have required property 'webhooks'"],
    [{ ...custom, webhooks: [] }, null],
    [{ ...custom, webhooks: [webhookBody, webhookBody] }, null],
    [{ ...custom, webhooks: [{ ...webhookBody, target: 'ftp://example.org/' }] }, null],
    [{ ...custom, webhooks: [{ ...webhookBody, target: 'nowhere' }] }, null],
    [{ ...custom, webhooks: [{ ...webhookBody, target: 'http://' }] }, null],
    [{ ...custom, webhooks: [{ ...webhookBody, target: 'http:/one.example' }] }, null],
    [{ ...custom, webhooks: [{ ...webhookBody, target: 'http://a b.example/' }] }, null],
    [{ ...custom, webhooks: [{ ...webhookBody, target: 'http://one.example:99999/' }] }, null],
    [{ ...custom, webhooks: [{ ...webhookBody, target: 'javascript:alert(1)//http://x' }] }, null],
    [{ ...custom, webhooks: [{ ...webhookBody, triggers: [] }] }, null],
    [{ ...custom, webhooks: [{ ...webhookBody, triggers: ['Conversation:message'] }] }, null],
    [{ ...custom, webhooks: [{ ...webhookBody, includeFullUser: 'yes' }] }, null],
    [{ ...custom, displayName: 'x'.repeat(101) }, null],
    [{ type: 'whatsapp' }, 'Invalid integration type'],
    [{ type: '' }, null],
    [{}, "should have required property 'type'"],
  ] as [object, string | null][])('refuse %j', async (body, title) => {
    const tenant = await stage.tenant();
    const [status, code, told] = refusal(await create(tenant, body));
    expect([status, code]).toEqual([400, 'bad_request']);
    if (title !== null) expect(told).toBe(title);
    expect((await tenant.caller.get(`${tenant.path}/integrations`)).body.integrations).toEqual([]);
  });

  it.each([
    'http://my_bot:3000/',
    'https://bot.example.org./',
    'http://[fd00::1]:8080/hook',
    'https://bücher.example/hook?a=1#b',
    'http://localhost/',
    'http://10.0.0.7/hook',
  ])('take %s for a target, as URLs are written', async (target) => {
    const tenant = await stage.tenant();
    const { integration } = made(await create(tenant, { ...custom, webhooks: [{ ...webhookBody, target }] }));
    expect(integration.webhooks[0].target).toBe(target);
  });

  it('web, ios and android ones keep their settings, and tell the documented defaults of the rest', async () => {
    const tenant = await stage.tenant();
    const settings = {
      brandColor: 'fff',
      buttonIconUrl: 'https://example.org/icon.png',
      businessName: 'Shop',
      originWhitelist: ['https://example.org', 'http://localhost:3000'],
      prechatCapture: { enabled: true, fields: [{ type: 'email', name: 'mail', label: 'E-mail' }] },
      canUserCreateMoreConversations: false,
      showAIDisclaimer: false,
    };
    const { integration } = made(await create(tenant, { type: 'web', ...settings, businessIconUrl: null }));
    expect(integration).toMatchObject({
      type: 'web',
      ...settings,
      conversationColor: '0099ff',
      displayStyle: 'button',
    });
    const path = `${tenant.path}/integrations/${integration.id}`;
    expect((await tenant.caller.get(path)).body).toEqual({ integration });
    const order = { integrationOrder: [integration.id], displayStyle: 'tab', originWhitelist: null };
    const { originWhitelist: _gone, ...kept } = integration;
    expect((await tenant.caller.patch(path, order)).body.integration).toEqual({
      ...kept,
      integrationOrder: [integration.id],
      displayStyle: 'tab',
    });
    const other = await stage.tenant();
    const theirs = made(await create(other, { type: 'ios', production: true, brandColor: 'fff' })).integration;
    expect(theirs).toMatchObject({ production: true, showAIDisclaimer: true });
    expect(theirs.brandColor).toBeUndefined();
    expect(refusal(await tenant.caller.patch(path, { integrationOrder: [theirs.id] }))[1]).toBe(
      'integration_not_found',
    );
    expect(refusal(await create(tenant, { type: 'web', integrationOrder: [theirs.id] }))[1]).toBe(
      'integration_not_found',
    );
    expect(refusal(await create(tenant, { type: 'web', defaultResponderId: nobody }))[0]).toBe(404);
  });

  it.each([
    [{ type: 'web', brandColor: '#ffffff' }, /^brandColor should be a colour/],
    [{ type: 'web', displayStyle: 'balloon' }, /^displayStyle/],
    [{ type: 'web', buttonWidth: 'wide' }, /^buttonWidth/],
    [{ type: 'web', originWhitelist: ['https://example.org/path'] }, /originWhitelist/],
    [{ type: 'web', prechatCapture: { fields: [{ type: 'text', name: 'a' }] } }, /prechatCapture/],
    [{ type: 'web', showAIDisclaimer: 'yes' }, /^showAIDisclaimer/],
    [{ type: 'ios', certificate: 'c', password: 'p' }, /^certificate should be left out: push/],
    [{ type: 'android', serverKey: 'k' }, /^serverKey should be left out: push/],
    [{ type: 'web', webhooks: [webhookBody] }, /^webhooks should be left out/],
  ] as [object, RegExp][])('refuse %j, and say why', async (body, title) => {
    const tenant = await stage.tenant();
    expect(refusal(await create(tenant, body))).toEqual([400, 'bad_request', expect.stringMatching(title)]);
    expect((await tenant.caller.get(`${tenant.path}/integrations`)).body.integrations).toEqual([]);
  });

  it('are listed by type and page, patched and deleted', async () => {
    const tenant = await stage.tenant();
    for (const type of ['web', 'ios', 'android', 'web']) made(await create(tenant, { type }));
    const bot = await tenant.bot();
    const list = async (query: string) => {
      const { body } = await tenant.caller.get(`${tenant.path}/integrations?${query}`);
      return body.integrations.map(({ type }: { type: string }) => type);
    };
    expect(await list('')).toEqual(['web', 'ios', 'android', 'web', 'custom']);
    expect(await list('filter%5Btypes%5D=web,custom')).toEqual(['web', 'web', 'custom']);
    expect(await list("filter[types]=x'")).toEqual([]);
    expect(await list('page[size]=2')).toEqual(['web', 'ios']);
    for (const query of ['page[size]=0', 'page[after]=x', `page[after]=${nobody}&page[before]=${nobody}`]) {
      expect(refusal(await tenant.caller.get(`${tenant.path}/integrations?${query}`))).toEqual([
        400,
        'bad_request',
        'Invalid page query parameters',
      ]);
    }
    const path = `${tenant.path}/integrations/${bot.id}`;
    const patched = await tenant.caller.patch(path, { displayName: null });
    expect(patched.body.integration.displayName).toBeUndefined();
    expect(patched.body.integration.webhooks).toHaveLength(1);
    expect(refusal(await tenant.caller.patch(path, { defaultResponderId: nobody }))[0]).toBe(400);
    expect((await tenant.caller.delete(path)).body).toEqual({});
    expect(refusal(await tenant.caller.get(path))).toEqual([404, 'integration_not_found', 'Integration not found']);
    expect((await bot.caller.get(`${tenant.path}/users/x`)).status).toBe(401);
  });

  it('channels tell their default responder: the switchboard’s, or their own', async () => {
    const tenant = await stage.tenant();
    const { integration } = made(await create(tenant, { type: 'web' }));
    const { switchboard } = made(await tenant.caller.post(`${tenant.path}/switchboards`));
    const board = `${tenant.path}/switchboards/${switchboard.id}`;
    const links: string[] = [];
    for (const name of ['one', 'two']) {
      const { id: integrationId } = await tenant.bot(name);
      const answer = await tenant.caller.post(`${board}/switchboardIntegrations`, { name, integrationId });
      links.push(made(answer).switchboardIntegration.id);
    }
    const path = `${tenant.path}/integrations/${integration.id}`;
    const responder = async () => (await tenant.caller.get(path)).body.integration.defaultResponder;
    expect(await responder()).toBeUndefined();
    await tenant.caller.patch(board, { defaultSwitchboardIntegrationId: links[0] });
    expect(await responder()).toMatchObject({ name: 'one', inherited: true });
    expect((await tenant.caller.patch(path, { defaultResponderId: links[1] })).status).toBe(200);
    expect(await responder()).toMatchObject({ name: 'two', inherited: false });
    expect(refusal(await tenant.caller.patch(path, { defaultResponderId: nobody }))[1]).toBe(
      'switchboard_integration_not_found',
    );
    await tenant.caller.delete(`${board}/switchboardIntegrations/${links[1]}`);
    expect(await responder()).toMatchObject({ name: 'one', inherited: true });
  });

  it('at most ten webhooks are in an app, however many are made at once', async () => {
    const tenant = await stage.tenant();
    const answers = await Promise.all(Array.from({ length: 14 }, () => create(tenant, custom)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    expect((await tenant.caller.get(`${tenant.path}/integrations`)).body.integrations).toHaveLength(10);
  });

  it('an integration’s key reaches its own webhooks alone, also as `me`', async () => {
    const tenant = await stage.tenant();
    const [mine, other] = [await tenant.bot('mine'), await tenant.bot('other')];
    const hooks = (id: string) => `${tenant.path}/integrations/${id}/webhooks`;
    for (const id of ['me', mine.id]) {
      expect((await mine.caller.get(hooks(id))).body.webhooks).toEqual([mine.webhook]);
      expect((await mine.caller.get(`${hooks(id)}/${mine.webhook.id}`)).body.webhook).toEqual(mine.webhook);
    }
    for (const id of [other.id, nobody, 'x']) {
      expect(refusal(await mine.caller.get(hooks(id)))).toEqual([403, 'forbidden', 'Forbidden']);
    }
    expect((await mine.caller.get(`${hooks('me')}/${other.webhook.id}`)).status).toBe(404);
    expect((await tenant.caller.get(`${hooks(mine.id)}/${other.webhook.id}`)).status).toBe(404);
    expect(refusal(await tenant.caller.get(hooks('me')))[1]).toBe('integration_not_found');

    const patch = { triggers: ['*'], includeFullUser: true };
    const patched = await mine.caller.patch(`${hooks('me')}/${mine.webhook.id}`, patch);
    expect(patched.body.webhook).toEqual({ ...mine.webhook, ...patch });
    expect((await mine.caller.delete(`${hooks('me')}/${mine.webhook.id}`)).body).toEqual({});
    expect((await mine.caller.get(hooks('me'))).body).toEqual({ webhooks: [] });
    expect(made(await mine.caller.post(hooks('me'), webhookBody)).webhook.secret).not.toBe(mine.webhook.secret);
  });

  it('keys are for custom ones, at most ten, told once', async () => {
    const tenant = await stage.tenant();
    const bot = await tenant.bot();
    const keys = `${tenant.path}/integrations/${bot.id}/keys`;
    expect(bot.key.id).toMatch(/^int_[0-9a-f]{24}$/);
    expect((await tenant.caller.get(keys)).body).toEqual({ keys: [{ id: bot.key.id, displayName: 'bot' }] });
    for (let i = 1; i < 10; i++) made(await tenant.caller.post(keys, { displayName: 'k' }));
    expect(refusal(await tenant.caller.post(keys, { displayName: 'k' }))[0]).toBe(400);
    const { integration } = made(await create(tenant, { type: 'web' }));
    expect(refusal(await tenant.caller.get(`${tenant.path}/integrations/${integration.id}/keys`))).toEqual([
      400,
      'bad_request',
      'API keys are available only for custom integrations',
    ]);
    expect((await tenant.caller.delete(`${keys}/${bot.key.id}`)).body).toEqual({});
    expect((await bot.caller.get(`${tenant.path}/users/x`)).status).toBe(401);
  });
});
