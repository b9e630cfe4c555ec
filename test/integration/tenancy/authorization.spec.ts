import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { furnish, idsFor, userToken, type Furnished } from '../../support/furnished.js';
import { pathOf, servedRoutes, type ServedRoute } from '../../support/routes.js';
import { basic, made, openStage, type Caller, type Stage } from './stage.js';

type Scope = 'account' | 'app' | 'integration' | 'user';

/** Who may call a route, and what they are answered when they send `body` about things that exist. */
interface Row {
  readonly allow: readonly Scope[];
  readonly status: number;
  readonly body?: object;
  /** The answer to the app's other integration, or its other user, where it is not `status`. */
  readonly peer?: number;
}

const account = ['account'] as const;
const owners = ['account', 'app'] as const;
const keys = ['account', 'app', 'integration'] as const;
const hooks = ['app', 'integration'] as const;
const users = ['user'] as const;
const text = { type: 'text', text: 'words' };
const hook = { target: 'http://127.0.0.1:9/', triggers: ['user:update'] };

/** The whole matrix (`reliability.md` S1, `sunco.md` 2). A route that is served and has no row fails this file. */
const rows: Readonly<Record<string, Row>> = {
  'GET /v2/apps': { allow: account, status: 200 },
  'POST /v2/apps': { allow: account, status: 201, body: { displayName: 'x' } },
  'GET /v2/apps/:appId': { allow: owners, status: 200 },
  'PATCH /v2/apps/:appId': { allow: owners, status: 200, body: { metadata: { seen: true } } },
  'DELETE /v2/apps/:appId': { allow: account, status: 200 },
  'GET /v2/apps/:appId/keys': { allow: account, status: 200 },
  'POST /v2/apps/:appId/keys': { allow: account, status: 201, body: { displayName: 'x' } },
  'GET /v2/apps/:appId/keys/:keyId': { allow: account, status: 200 },
  'DELETE /v2/apps/:appId/keys/:keyId': { allow: account, status: 200 },

  'GET /v2/apps/:appId/integrations': { allow: owners, status: 200 },
  'POST /v2/apps/:appId/integrations': { allow: owners, status: 201, body: { type: 'web' } },
  'GET /v2/apps/:appId/integrations/:integrationId': { allow: owners, status: 200 },
  'PATCH /v2/apps/:appId/integrations/:integrationId': { allow: owners, status: 200, body: { displayName: 'x' } },
  // It is the default of the switchboard.
  'DELETE /v2/apps/:appId/integrations/:integrationId': { allow: owners, status: 400 },
  'GET /v2/apps/:appId/integrations/:integrationId/keys': { allow: owners, status: 200 },
  'POST /v2/apps/:appId/integrations/:integrationId/keys': { allow: owners, status: 201, body: { displayName: 'x' } },
  'GET /v2/apps/:appId/integrations/:integrationId/keys/:keyId': { allow: owners, status: 200 },
  'DELETE /v2/apps/:appId/integrations/:integrationId/keys/:keyId': { allow: owners, status: 200 },
  'GET /v2/apps/:appId/integrations/:integrationId/webhooks': { allow: hooks, status: 200, peer: 403 },
  // A custom integration has one webhook at most.
  'POST /v2/apps/:appId/integrations/:integrationId/webhooks': { allow: hooks, status: 400, body: hook, peer: 403 },
  'GET /v2/apps/:appId/integrations/:integrationId/webhooks/:webhookId': { allow: hooks, status: 200, peer: 403 },
  'PATCH /v2/apps/:appId/integrations/:integrationId/webhooks/:webhookId': {
    allow: hooks,
    status: 200,
    body: { includeFullUser: true },
    peer: 403,
  },
  'DELETE /v2/apps/:appId/integrations/:integrationId/webhooks/:webhookId': { allow: hooks, status: 200, peer: 403 },

  'GET /v2/apps/:appId/switchboards': { allow: owners, status: 200 },
  'POST /v2/apps/:appId/switchboards': { allow: owners, status: 400 },
  'GET /v2/apps/:appId/switchboards/:switchboardId': { allow: owners, status: 200 },
  'PATCH /v2/apps/:appId/switchboards/:switchboardId': { allow: owners, status: 200, body: { enabled: true } },
  'DELETE /v2/apps/:appId/switchboards/:switchboardId': { allow: owners, status: 200 },
  'GET /v2/apps/:appId/switchboards/:switchboardId/switchboardIntegrations': { allow: owners, status: 200 },
  'POST /v2/apps/:appId/switchboards/:switchboardId/switchboardIntegrations': {
    allow: owners,
    status: 400,
    body: { name: 'x' },
  },
  'GET /v2/apps/:appId/switchboards/:switchboardId/switchboardIntegrations/:id': { allow: owners, status: 200 },
  'PATCH /v2/apps/:appId/switchboards/:switchboardId/switchboardIntegrations/:id': {
    allow: owners,
    status: 200,
    body: { messageHistoryCount: 3 },
  },
  'DELETE /v2/apps/:appId/switchboards/:switchboardId/switchboardIntegrations/:id': { allow: owners, status: 200 },

  'GET /v2/apps/:appId/users': { allow: keys, status: 400 },
  'POST /v2/apps/:appId/users': { allow: keys, status: 201, body: {} },
  'GET /v2/apps/:appId/users/:user': { allow: keys, status: 200 },
  'PATCH /v2/apps/:appId/users/:user': { allow: keys, status: 200, body: { metadata: { seen: true } } },
  'DELETE /v2/apps/:appId/users/:user': { allow: keys, status: 200 },
  'DELETE /v2/apps/:appId/users/:user/personalinformation': { allow: keys, status: 200 },
  'GET /v2/apps/:appId/users/:user/clients': { allow: keys, status: 200 },
  'POST /v2/apps/:appId/users/:user/clients': { allow: keys, status: 422, body: {} },
  'DELETE /v2/apps/:appId/users/:user/clients/:clientId': { allow: keys, status: 404 },
  'GET /v2/apps/:appId/users/:user/devices': { allow: keys, status: 200 },
  'GET /v2/apps/:appId/users/:user/devices/:deviceId': { allow: keys, status: 404 },

  'GET /v2/apps/:appId/conversations': { allow: keys, status: 400 },
  'POST /v2/apps/:appId/conversations': { allow: keys, status: 201, body: { type: 'sdkGroup' } },
  'GET /v2/apps/:appId/conversations/:conversationId': { allow: keys, status: 200 },
  'PATCH /v2/apps/:appId/conversations/:conversationId': { allow: keys, status: 200, body: { displayName: 'x' } },
  // It is the user's default conversation.
  'DELETE /v2/apps/:appId/conversations/:conversationId': { allow: keys, status: 400 },
  'GET /v2/apps/:appId/conversations/:conversationId/participants': { allow: keys, status: 200 },
  'POST /v2/apps/:appId/conversations/:conversationId/join': { allow: keys, status: 400, body: {} },
  'POST /v2/apps/:appId/conversations/:conversationId/leave': { allow: keys, status: 400, body: {} },
  'GET /v2/apps/:appId/conversations/:conversationId/timeline': { allow: keys, status: 200 },
  'GET /v2/apps/:appId/conversations/:conversationId/messages': { allow: keys, status: 200 },
  // The other integration is linked and does not hold control: the fence.
  'POST /v2/apps/:appId/conversations/:conversationId/messages': {
    allow: keys,
    status: 201,
    body: { author: { type: 'business' }, content: text },
    peer: 409,
  },
  'DELETE /v2/apps/:appId/conversations/:conversationId/messages': { allow: keys, status: 200 },
  'DELETE /v2/apps/:appId/conversations/:conversationId/messages/:messageId': { allow: keys, status: 200 },
  'POST /v2/apps/:appId/conversations/:conversationId/activity': {
    allow: keys,
    status: 200,
    body: { author: { type: 'business' }, type: 'conversation:read' },
  },
  'POST /v2/apps/:appId/conversations/:conversationId/passControl': {
    allow: keys,
    status: 200,
    body: { switchboardIntegration: 'nobody' },
  },
  'POST /v2/apps/:appId/conversations/:conversationId/offerControl': {
    allow: keys,
    status: 200,
    body: { switchboardIntegration: 'nobody' },
  },
  'POST /v2/apps/:appId/conversations/:conversationId/acceptControl': { allow: keys, status: 200, body: {}, peer: 403 },
  'POST /v2/apps/:appId/conversations/:conversationId/declineControl': { allow: keys, status: 200, body: {}, peer: 403 },
  'POST /v2/apps/:appId/conversations/:conversationId/releaseControl': { allow: keys, status: 200, peer: 403 },

  'GET /v2/apps/:appId/sessions': { allow: keys, status: 200 },
  'GET /v2/apps/:appId/sessions/:sessionId': { allow: keys, status: 200 },
  'POST /v2/apps/:appId/sessions/:sessionId/end': { allow: keys, status: 200 },
  'GET /v2/apps/:appId/surveys': { allow: owners, status: 200 },
  'GET /v2/apps/:appId/routing/loads': { allow: owners, status: 200 },
  'GET /v2/apps/:appId/webhooks/:webhookId/deadLetters': { allow: owners, status: 200 },
  'POST /v2/apps/:appId/webhooks/:webhookId/deadLetters/:deadLetterId/resend': { allow: owners, status: 200 },

  'GET /client/v1/apps/:appId/conversations': { allow: users, status: 200 },
  'POST /client/v1/apps/:appId/conversations': { allow: users, status: 201, body: {} },
  'GET /client/v1/apps/:appId/conversations/:conversationId/messages': { allow: users, status: 200, peer: 404 },
  'POST /client/v1/apps/:appId/conversations/:conversationId/messages': {
    allow: users,
    status: 201,
    body: { content: text },
    peer: 404,
  },
  'POST /client/v1/apps/:appId/conversations/:conversationId/end': {
    allow: users,
    status: 200,
    body: { confirmed: true },
    peer: 404,
  },
};

/** Asked by machines without keys; they tell nothing of any app. */
const open = ['/health/live', '/health/ready', '/metrics'];

const past = Math.floor(Date.now() / 1000) - 60;

interface Principal {
  readonly name: string;
  readonly caller: Caller;
  /** What decides: nobody, somebody of another app, or a scope; `peer` is the app's other integration or user. */
  readonly is: 'nobody' | 'foreign' | Scope | 'peer integration' | 'peer user';
}

let stage: Stage;
let routes: readonly ServedRoute[] = [];
let other: Furnished;
const used: Furnished[] = [];

beforeAll(async () => {
  stage = await openStage({
    prepare: (app) => {
      routes = servedRoutes(app);
    },
  });
  other = await furnish(stage, 'otherapp');
});
afterAll(async () => {
  await stage.close();
  await Promise.all([other, ...used].map((one) => one?.close()));
});

let serial = 0;
async function fresh(): Promise<Furnished> {
  const own = await furnish(stage, `own${(serial += 1)}`);
  used.push(own);
  return own;
}

async function principals(own: Furnished): Promise<Principal[]> {
  const { tenant, bots, token, endUser } = own;
  const bearer = async (made: Promise<string>): Promise<Caller> => stage.as(`Bearer ${await made}`);
  const { key: revoked } = made(await stage.account.post(`${tenant.path}/keys`, { displayName: 'revoked' }));
  await stage.account.delete(`${tenant.path}/keys/${revoked.id}`);
  await tenant.caller.post(`${tenant.path}/users`, { externalId: 'peer' });
  return [
    { name: 'none', is: 'nobody', caller: stage.as(null) },
    { name: 'wrong secret', is: 'nobody', caller: stage.as(basic({ ...tenant.key, secret: other.tenant.key.secret })) },
    { name: 'revoked key', is: 'nobody', caller: stage.as(basic(revoked)) },
    { name: 'token of the revoked key', is: 'nobody', caller: await bearer(userToken(revoked, { scope: 'app' })) },
    { name: 'expired app token', is: 'nobody', caller: await bearer(userToken(tenant.key, { scope: 'app', exp: past })) },
    { name: 'expired user token', is: 'nobody', caller: await bearer(token(own.ids['externalId']!, { exp: past })) },
    { name: "other app's app key", is: 'foreign', caller: other.tenant.caller },
    { name: "other app's integration key", is: 'foreign', caller: other.bots.faq.caller },
    { name: "other app's user", is: 'foreign', caller: other.endUser },
    { name: 'account key', is: 'account', caller: stage.account },
    { name: 'app key', is: 'app', caller: tenant.caller },
    { name: 'app token', is: 'app', caller: await bearer(userToken(tenant.key, { scope: 'app' })) },
    { name: 'own integration key', is: 'integration', caller: bots.faq.caller },
    { name: 'peer integration key', is: 'peer integration', caller: bots.desk.caller },
    { name: 'own user', is: 'user', caller: endUser },
    { name: 'peer user', is: 'peer user', caller: await bearer(token('peer')) },
  ];
}

function expected({ is }: Principal, row: Row): number {
  if (is === 'nobody') return 401;
  if (is === 'foreign') return 403;
  const scope = is.replace('peer ', '') as Scope;
  if (!row.allow.includes(scope)) return 403;
  return is.startsWith('peer') ? (row.peer ?? row.status) : row.status;
}

describe('the authorization matrix', () => {
  it('has a row for every route that is served, and no other', () => {
    const served = routes
      .filter(({ method, path }) => method !== 'HEAD' && !open.includes(path))
      .map(({ method, path }) => `${method} ${path}`);
    expect(served.toSorted()).toEqual(Object.keys(rows).toSorted());
    for (const { method, path } of routes) {
      if (method !== 'HEAD') continue;
      expect([...Object.keys(rows), ...open.map((one) => `GET ${one}`)]).toContain(`GET ${path}`);
    }
  });

  it.each(Object.entries(rows))('%s', async (name, row) => {
    const [method = '', path = ''] = name.split(' ');
    const changes = method !== 'GET';
    let own = await fresh();
    const cells: [string, number][] = [];
    const wanted: [string, number][] = [];
    for (let principal of await principals(own)) {
      const want = expected(principal, row);
      if (want < 400 && changes && cells.some(([, status]) => status < 400)) {
        own = await fresh();
        const again = (await principals(own)).find((one) => one.name === principal.name);
        if (again !== undefined) principal = again;
      }
      const target = pathOf({ method, path }, idsFor(path, own.ids));
      const { status, body } = await principal.caller.send(method, target, row.body);
      cells.push([principal.name, status]);
      wanted.push([principal.name, want]);
      if (status === 401) expect(body.errors[0].code).toBe('unauthorized');
      if (method === 'GET') {
        const head = await fetch(`${principal.caller.url}${target}`, principal.caller.head());
        expect(['HEAD', principal.name, head.status]).toEqual(['HEAD', principal.name, want]);
      }
    }
    expect(cells).toEqual(wanted);
  });
});
