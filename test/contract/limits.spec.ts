import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { Db } from '../../src/platform/postgres/index.js';

import { furnish, type Furnished } from '../support/furnished.js';
import { made, openStage, refusal, type Answer, type Caller, type Stage } from '../integration/tenancy/stage.js';

/**
 * Every limit of `docs/wire.md` 5 and every documented error of its section 3 that the routes of today can give:
 * status, code and title, by name. At the limit it still works; one beyond, it does not.
 */
let stage: Stage;
let own: Furnished;
let app: Caller;
let at: (path: string) => string;

beforeAll(async () => {
  stage = await openStage();
  own = await furnish(stage, 'limits');
  app = own.tenant.caller;
  at = (path) => own.tenant.path + path;
});
afterAll(async () => {
  await stage.close();
  await own?.close();
});

const nothing = '000000000000000000000000';
const business = (text: string) => ({ author: { type: 'business' }, content: { type: 'text', text } });
const hook = { target: 'http://127.0.0.1:9/', triggers: ['user:update'] };
/** One flat object of exactly so many bytes of JSON. */
const metadata = (bytes: number) => ({ k: 'x'.repeat(bytes - '{"k":""}'.length) });
const messages = () => at(`/conversations/${own.ids.conversationId}/messages`);
const links = () => at(`/switchboards/${own.ids.switchboardId}/switchboardIntegrations`);

async function expectRefusal(answer: Promise<Answer>, status: number, code: string, title: string | RegExp) {
  const [actual, actualCode, actualTitle] = refusal(await answer);
  expect([actual, actualCode]).toEqual([status, code]);
  if (typeof title === 'string') expect(actualTitle).toBe(title);
  else expect(actualTitle).toMatch(title);
}

describe('limits', () => {
  it('one switchboard per app', () =>
    expectRefusal(app.post(at('/switchboards')), 400, 'bad_request', 'Only one switchboard can be created per app'));

  it('10 switchboard integrations per switchboard', async () => {
    const tenant = await stage.tenant();
    const { switchboard } = made(await tenant.caller.post(`${tenant.path}/switchboards`));
    const add = (n: number) =>
      tenant.caller.post(`${tenant.path}/switchboards/${switchboard.id}/switchboardIntegrations`, {
        name: `link-${n}`,
        integrationType: `partner-${n}`,
      });
    for (let n = 0; n < 10; n += 1) made(await add(n));
    const title = 'Switchboard has reached the max number of switchboard integrations (10)';
    await expectRefusal(add(10), 400, 'too_many_switchboard_integrations', title);
  });

  it('a switchboard integration is named in 128 of A-Z a-z 0-9 _ -', async () => {
    const rename = (name: string) => app.patch(`${links()}/${own.ids.id}`, { name });
    expect((await rename('x'.repeat(128))).status).toBe(200);
    for (const name of ['x'.repeat(129), '', 'a b', 'é', 'a:b'])
      await expectRefusal(rename(name), 400, 'bad_request', /^name /);
  });

  it('messageHistoryCount is 1 to 10, or null', async () => {
    const set = (messageHistoryCount: unknown) => app.patch(`${links()}/${own.ids.id}`, { messageHistoryCount });
    for (const count of [1, 10, null]) expect((await set(count)).status).toBe(200);
    for (const count of [0, 11, 1.5, '5', true])
      await expectRefusal(set(count), 400, 'bad_request', /^messageHistoryCount /);
  });

  it('10 webhooks per app, 1 per custom integration', async () => {
    const tenant = await stage.tenant();
    const add = () => tenant.caller.post(`${tenant.path}/integrations`, { type: 'custom', webhooks: [hook] });
    const first = made(await add()).integration.id;
    const second = tenant.caller.post(`${tenant.path}/integrations/${first}/webhooks`, hook);
    await expectRefusal(second, 400, 'bad_request', 'A custom integration can have only one webhook');
    for (let n = 1; n < 10; n += 1) made(await add());
    await expectRefusal(add(), 400, 'bad_request', 'An app can have at most 10 webhooks');
    for (const webhooks of [[], [hook, hook]]) {
      const answer = tenant.caller.post(`${tenant.path}/integrations`, { type: 'custom', webhooks });
      await expectRefusal(answer, 400, 'bad_request', /^webhooks /);
    }
  });

  it('10 keys per app, 10 per integration', async () => {
    const tenant = await stage.tenant();
    const bot = await tenant.bot();
    for (const path of ['/keys', `/integrations/${bot.id}/keys`]) {
      const add = () => stage.account.post(tenant.path + path, { displayName: 'key' });
      for (let n = 1; n < 10; n += 1) made(await add());
      await expectRefusal(add(), 400, 'bad_request', 'There can be at most 10 keys. Delete one first.');
    }
  });

  it('30,000 messages per conversation, then 423 until messages are deleted', async () => {
    const { conversation } = made(await app.post(at('/conversations'), { type: 'sdkGroup' }));
    const path = at(`/conversations/${conversation.id}/messages`);
    made(await app.post(path, business('the first one')));
    const sql = new Client(stage.started.app.get(Db).url);
    await sql.connect();
    const set = `UPDATE conversation SET state = jsonb_set(state, '{messageCount}', '29999') WHERE id = $1`;
    await sql.query(set, [conversation.id]);
    await sql.end();
    made(await app.post(path, business('the last one')));
    const locked = 'Message limit of 30000 per conversation reached.';
    await expectRefusal(app.post(path, business('one more')), 423, 'locked', locked);
    expect((await app.delete(path)).status).toBe(200);
    made(await app.post(path, business('again')));
  });

  it('a personal conversation has exactly 1 participant, a group up to 10', async () => {
    const open = (type: string, count: number) =>
      app.post(at('/conversations'), {
        type,
        participants: Array.from({ length: count }, () => ({ userId: own.ids.user, subscribeSDKClient: false })),
      });
    for (const count of [0, 2])
      await expectRefusal(open('personal', count), 400, 'bad_request', /exactly one participant/);
    await expectRefusal(open('sdkGroup', 11), 400, 'bad_request', /^participants /);
    made(await open('sdkGroup', 10));
  });

  it.each(['text', 'htmlText', 'markdownText'])('4096 characters of %s', async (field) => {
    const post = (length: number) =>
      app.post(messages(), { author: { type: 'business' }, content: { type: 'text', [field]: 'x'.repeat(length) } });
    made(await post(4096));
    await expectRefusal(post(4097), 400, 'bad_request', new RegExp(`^content\\.${field} `));
  });

  it('4096 bytes of metadata, flat, wherever there is metadata', async () => {
    const conversation = at(`/conversations/${own.ids.conversationId}`);
    const places: [string, number, (value: object) => Promise<Answer>][] = [
      ['app', 200, (value) => app.patch(at(''), { metadata: value })],
      ['new app', 201, (value) => stage.account.post('/v2/apps', { displayName: 'x', metadata: value })],
      ['new user', 201, (value) => app.post(at('/users'), { metadata: value })],
      ['new conversation', 201, (value) => app.post(at('/conversations'), { type: 'sdkGroup', metadata: value })],
      ['message', 201, (value) => app.post(messages(), { ...business('x'), metadata: value })],
      [
        'control',
        200,
        (value) => app.post(`${conversation}/passControl`, { switchboardIntegration: 'nobody', metadata: value }),
      ],
    ];
    for (const [place, status, send] of places) {
      expect([place, (await send(metadata(4096))).status]).toEqual([place, status]);
      for (const value of [metadata(4097), { a: { b: 1 } }, { a: [] }, []]) {
        const [refused, code] = refusal(await send(value));
        expect([place, JSON.stringify(value).slice(0, 20), refused, code]).toEqual([
          place,
          JSON.stringify(value).slice(0, 20),
          400,
          'bad_request',
        ]);
      }
      expect([place, (await send({ a: null })).status]).toEqual([place, status]);
    }
    // Merged, piece by piece: each is small, the whole is not.
    await app.patch(conversation, { metadata: metadata(3_000) });
    expect(refusal(await app.patch(conversation, { metadata: { more: 'x'.repeat(3_000) } }))[0]).toBe(400);
    await app.patch(at(''), { metadata: null });
    const title = 'App metadata is limited to 4096 bytes in size.';
    await expectRefusal(app.patch(at(''), { metadata: metadata(4097) }), 400, 'bad_request', title);
  });

  it('100 kB of JSON', async () => {
    const body = (bytes: number) => ({ padding: 'x'.repeat(bytes - '{"padding":""}'.length) });
    made(await app.post(at('/users'), body(100 * 1024)));
    const beyond = app.post(at('/users'), body(100 * 1024 + 1));
    await expectRefusal(beyond, 413, 'payload_too_large', 'The request is larger than 100 kB');
  });
});

type Row = [status: number, code: string, title: string, method: string, path: string, body?: object];

describe('documented errors', () => {
  const invalidPage = 'Invalid page query parameters';
  const conversationPath = `/conversations/${nothing}`;
  /** `!` before a path: with the account's key. */
  const rows: Row[] = [
    [400, 'bad_request', invalidPage, 'GET', '!?page[size]=0'],
    [400, 'bad_request', invalidPage, 'GET', '/conversations?filter[userId]=USER&page[size]=101'],
    [400, 'bad_request', invalidPage, 'GET', '/conversations/CONVERSATION/participants?page[after]=x'],
    [400, 'bad_request', invalidPage, 'GET', '/conversations/CONVERSATION/messages?page[before]=x'],
    [400, 'bad_request', invalidPage, 'GET', `/integrations?page[after]=${nothing}&page[before]=${nothing}`],
    [400, 'bad_request', invalidPage, 'GET', '/users/USER/clients?page[size]=0'],
    [400, 'bad_request', 'Invalid query parameters', 'GET', '/integrations?filter[types]=a&filter[types]=b'],
    [
      400,
      'bad_request',
      'Conversation CONVERSATION cannot be deleted because it is the default.',
      'DELETE',
      '/conversations/CONVERSATION',
    ],
    [400, 'bad_request', 'Invalid integration type', 'POST', '/integrations', { type: 'pigeon' }],
    [400, 'bad_request', 'API keys are available only for custom integrations', 'GET', '/integrations/WEB/keys'],
    [400, 'bad_request', "should have required property 'displayName'", 'POST', '!', {}],
    [
      400,
      'bad_request',
      "participants of a group should have required property 'subscribeSDKClient'",
      'POST',
      '/conversations',
      { type: 'sdkGroup', participants: [{ userExternalId: 'user-limits' }] },
    ],
    [
      400,
      'bad_request',
      "should have required property 'subscribeSDKClient'",
      'POST',
      '/conversations/CONVERSATION/join',
      { userExternalId: 'user-limits' },
    ],
    [403, 'forbidden', 'Forbidden', 'POST', '~/conversations/CONVERSATION/acceptControl', {}],
    [403, 'forbidden', 'Forbidden', 'POST', '~/conversations/CONVERSATION/releaseControl'],
    [403, 'forbidden', 'Forbidden', 'GET', '~/integrations/INTEGRATION/webhooks'],
    [403, 'forbidden', 'Forbidden', 'POST', '~/integrations/INTEGRATION/webhooks', hook],
    [
      403,
      'forbidden',
      'The serviceAccountId provided does not match supplied credentials',
      'GET',
      '!?filter[serviceAccountId]=x',
    ],
    [404, 'app_not_found', 'App not found', 'GET', `!/${nothing}`],
    [404, 'app_not_found', 'App not found', 'POST', `!/${nothing}/conversations`, { type: 'sdkGroup' }],
    [404, 'app_not_found', 'App not found', 'POST', `!/${nothing}/switchboards`],
    [404, 'conversation_not_found', 'Conversation not found', 'GET', conversationPath],
    [404, 'conversation_not_found', 'Conversation not found', 'PATCH', conversationPath, {}],
    [404, 'conversation_not_found', 'Conversation not found', 'DELETE', conversationPath],
    [
      404,
      'conversation_not_found',
      'Conversation not found',
      'POST',
      `${conversationPath}/join`,
      { userExternalId: 'user-limits', subscribeSDKClient: true },
    ],
    [404, 'conversation_not_found', 'Conversation not found', 'GET', `${conversationPath}/participants`],
    [404, 'conversation_not_found', 'Conversation not found', 'DELETE', `${conversationPath}/messages`],
    [
      404,
      'conversation_not_found',
      'Conversation not found',
      'POST',
      `${conversationPath}/passControl`,
      { switchboardIntegration: 'next' },
    ],
    [
      404,
      'conversation_not_found',
      'Conversation not found',
      'POST',
      `${conversationPath}/offerControl`,
      { switchboardIntegration: 'next' },
    ],
    [404, 'conversation_not_found', 'Conversation not found', 'POST', `${conversationPath}/acceptControl`, {}],
    [404, 'conversation_not_found', 'Conversation not found', 'POST', `${conversationPath}/releaseControl`],
    [404, 'user_not_found', 'User not found', 'GET', `/users/${nothing}`],
    [404, 'user_not_found', 'User not found', 'PATCH', `/users/${nothing}`, {}],
    [404, 'user_not_found', 'User not found', 'DELETE', `/users/${nothing}`],
    [404, 'user_not_found', 'User not found', 'GET', `/conversations?filter[userId]=${nothing}`],
    [404, 'integration_not_found', 'Integration not found', 'GET', `/integrations/${nothing}`],
    [404, 'integration_not_found', 'Integration not found', 'GET', `/integrations/${nothing}/webhooks`],
    [404, 'switchboard_not_found', 'Switchboard not found', 'PATCH', `/switchboards/${nothing}`, {}],
    [404, 'switchboard_not_found', 'Switchboard not found', 'GET', `/switchboards/${nothing}/switchboardIntegrations`],
    [
      404,
      'switchboard_integration_not_found',
      'SwitchboardIntegration not found',
      'DELETE',
      `/switchboards/SWITCHBOARD/switchboardIntegrations/${nothing}`,
    ],
    [
      404,
      'switchboard_integration_not_found',
      'Enabled switchboard must have an associated default switchboardIntegration',
      'PATCH',
      '/switchboards/SWITCHBOARD',
      { defaultSwitchboardIntegrationId: null },
    ],
    [404, 'client_not_found', 'Client not found', 'DELETE', `/users/USER/clients/${nothing}`],
    [404, 'device_not_found', 'Device not found', 'GET', `/users/USER/devices/${nothing}`],
    [404, 'not_found', 'Resource not found', 'GET', `!/APP/keys/app_${nothing}`],
    [404, 'not_found', 'Resource not found', 'GET', `/integrations/INTEGRATION/webhooks/${nothing}`],
    [409, 'conflict', 'User already exists', 'POST', '/users', { externalId: 'user-limits' }],
    [401, 'unauthorized', 'Authorization is required', 'GET', '?/users/USER'],
    [404, 'not_found', 'Resource not found', 'GET', '/nowhere'],
    [415, 'unsupported_media_type', 'The content type must be application/json', 'POST', '#/users', {}],
  ];

  it.each(rows)('%i %s "%s": %s %s', async (...[status, code, title, method, template, body]: Row) => {
    const web = template.includes('WEB')
      ? made(await app.post(at('/integrations'), { type: 'web' })).integration.id
      : '';
    const fill = (text: string) =>
      text
        .replace('CONVERSATION', own.ids.conversationId)
        .replace('SWITCHBOARD', own.ids.switchboardId)
        .replace('INTEGRATION', own.ids.integrationId)
        .replace('USER', own.ids.user)
        .replace('APP', own.tenant.id)
        .replace('WEB', web);
    const who = /^[!~?#](?!page|filter)|^!/.exec(template)?.[0];
    const path = fill(who === undefined ? template : template.slice(1));
    const callers: Record<string, Caller> = { '!': stage.account, '~': own.bots.desk.caller, '?': stage.as(null) };
    const caller = callers[who ?? ''] ?? app;
    const headers = who === '#' ? { 'content-type': 'text/plain' } : {};
    const answer = caller.send(method, who === '!' ? `/v2/apps${path}` : at(path), body, headers);
    await expectRefusal(answer, status, code, fill(title));
  });
});
