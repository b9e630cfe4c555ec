import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventViolations } from '../../support/facts.js';
import { userToken } from '../../support/furnished.js';
import { webhookReceiver, type ReceivedEvent, type WebhookReceiver } from '../../support/webhook-receiver.js';
import { made, openStage, type Caller, type Json, type Stage, type Tenant } from './stage.js';

let stage: Stage;
let tenant: Tenant;
let receiver: WebhookReceiver;
let web: string;

beforeAll(async () => {
  stage = await openStage();
  tenant = await stage.tenant({ multiConvoEnabled: true });
  receiver = await webhookReceiver();
  const hook = { target: receiver.url, triggers: ['user:update', 'user:remove', 'conversation:message'] };
  const webhooks = [{ ...hook, includeFullUser: true, includeFullSource: true }];
  const integrations = `${tenant.path}/integrations`;
  made(await tenant.caller.post(integrations, { type: 'custom', webhooks }));
  web = made(await tenant.caller.post(integrations, { type: 'web' })).integration.id;
});
afterAll(async () => {
  await receiver?.close();
  await stage?.close();
});

const create = async (body: object): Promise<Json> => made(await tenant.caller.post(`${tenant.path}/users`, body)).user;
const read = async (id: string): Promise<Json> => (await tenant.caller.get(`${tenant.path}/users/${id}`)).body.user;

const heard = async (userId: string, seq: number): Promise<ReceivedEvent> => {
  const { event } = await receiver.next(
    ({ event: one }) => one.payload.user?.id === userId && one.seq === seq && one.type.startsWith('user:'),
    { what: `the news ${seq} of a user` },
  );
  expect(eventViolations(event)).toEqual([]);
  return event;
};

const visitor = async (claims: object): Promise<Caller> =>
  stage.as(`Bearer ${await userToken(tenant.key, { scope: 'user', ...claims })}`);
const client = (): string => `/client/v1/apps/${tenant.id}/conversations`;

describe('a user', () => {
  it('that the business changes is told of, and not when nothing changed', async () => {
    const { id } = await create({ externalId: 'changing' });
    const patch = (body: object) => tenant.caller.patch(`${tenant.path}/users/${id}`, body);
    const { body } = await patch({ profile: { givenName: 'Ana' } });
    await patch({ profile: { givenName: 'Ana' } });
    await patch({ metadata: { plan: 'gold' } });
    const first = await heard(id, 1);
    expect(first).toMatchObject({ type: 'user:update', payload: { source: { type: 'api' } } });
    const { toBeRetained: _kept, ...told } = body.user;
    expect(first.payload.user).toEqual(told);
    expect(first.payload.reason).toBeUndefined();
    expect((await heard(id, 2)).payload.user.metadata).toEqual({ plan: 'gold' });
  });

  it('that is changed often is told of in that order, one by one', async () => {
    const { id } = await create({ externalId: 'restless' });
    const plans = Array.from({ length: 12 }, (_, n) => `plan ${n}`);
    // Asked for at once: the order is that of the numbers, whichever change came first.
    await Promise.all(
      plans.map((plan) => tenant.caller.patch(`${tenant.path}/users/${id}`, { metadata: { [plan]: true } })),
    );
    await tenant.caller.delete(`${tenant.path}/users/${id}`);
    await heard(id, plans.length + 1);
    const news = receiver.received.filter(({ event }) => event.payload.user?.id === id).map(({ event }) => event);
    expect(news.map(({ seq }) => seq)).toEqual(Array.from({ length: plans.length + 1 }, (_, n) => n + 1));
    expect(news.map(({ type }) => type)).toEqual([...plans.map(() => 'user:update'), 'user:remove']);
    const known = news.slice(0, -1).map(({ payload }) => Object.keys(payload.user.metadata).length);
    expect(known).toEqual(plans.map((_, n) => n + 1));
  });

  it('whose name was erased is told of without it', async () => {
    const { id } = await create({ externalId: 'erased', profile: { givenName: 'canary' } });
    await tenant.caller.delete(`${tenant.path}/users/${id}/personalinformation`);
    expect((await heard(id, 1)).payload.user).toMatchObject({ id, profile: {}, metadata: {}, identities: [] });
  });

  it('that is deleted is told of when nothing of them is there any more, with their short form', async () => {
    const { id } = await create({ externalId: 'leaving', profile: { givenName: 'Ana' } });
    expect((await tenant.caller.delete(`${tenant.path}/users/${id}`)).status).toBe(200);
    const event = await heard(id, 1);
    expect(event.type).toBe('user:remove');
    expect(event.payload).toEqual({ user: { id, externalId: 'leaving', authenticated: false } });
  });

  it('that the business made is authenticated by a token, and webhooks hear why', async () => {
    const { id, signedUpAt } = await create({ externalId: 'known' });
    const ana = await visitor({ external_id: 'known' });
    expect((await ana.get(client())).status).toBe(200);
    expect(await read(id)).toMatchObject({ authenticated: true, signedUpAt });
    expect(await heard(id, 1)).toMatchObject({
      type: 'user:update',
      payload: {
        user: { id, authenticated: true },
        reason: 'authentication',
        source: { type: 'web', integrationId: web, client: { type: 'sdk', status: 'active' } },
      },
    });
  });

  it('has the name and the e-mail of their token, and is found by it and not by what a profile says', async () => {
    const other = await create({ externalId: 'other', profile: { email: 'ana@example.org' } });
    const claims = { external_id: 'named', name: 'Ana Lima', email: 'Ana@example.org', email_verified: true };
    made(await (await visitor(claims)).post(client(), {}));
    const found = await tenant.caller.get(`${tenant.path}/users?filter[identities.email]=ana%40EXAMPLE.org`);
    expect(found.body.users).toHaveLength(1);
    const [user] = found.body.users;
    expect(user).toMatchObject({
      externalId: 'named',
      authenticated: true,
      profile: { givenName: 'Ana', surname: 'Lima', email: 'Ana@example.org' },
      identities: [{ type: 'email', value: 'Ana@example.org', verification: 'verified' }],
    });
    expect((await read(other.id)).identities).toEqual([]);
  });

  it('has in webhooks the identities that it has here, and the client it writes with', async () => {
    const claims = { external_id: 'writing', email: 'writing@example.org' };
    const ana = await visitor(claims);
    const { conversation } = made(await ana.post(client(), {}));
    const content = { type: 'text', text: 'hello' };
    const { messages } = made(await ana.post(`${client()}/${conversation.id}/messages`, { content }));
    expect(messages[0].source).toEqual({ type: 'web' });
    const { event } = await receiver.next(({ event: one }) => one.payload.message?.id === messages[0].id);
    const { user } = event.payload.message.author;
    expect(user.identities).toEqual([{ type: 'email', value: claims.email, verification: 'unverified' }]);
    expect(user.identities).toEqual((await read(user.id)).identities);
    const clients = `${tenant.path}/users/${user.id}/clients`;
    const [known] = (await tenant.caller.get(clients)).body.clients;
    expect(event.payload.message.source).toEqual({ type: 'web', integrationId: web, client: known });
    expect((await tenant.caller.get(`${clients}?page[after]=${known.id}`)).body.clients).toEqual([]);
    expect((await tenant.caller.delete(`${clients}/${known.id}`)).body.errors[0]).toMatchObject({
      code: 'bad_request',
      title: "Cannot remove a client of type 'sdk'",
    });
    expect((await read((await create({})).id)).authenticated).toBe(false);
  });
});
