import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Db } from '../../../src/platform/postgres/index.js';
import { made, openStage, refusal, type Json, type Stage, type Tenant } from './stage.js';
import { unbound } from '../../support/unbound.js';

describe('users', () => {
  let stage: Stage;
  let tenant: Tenant;
  let users: string;
  beforeAll(async () => {
    stage = await openStage();
    tenant = await stage.tenant({ multiConvoEnabled: true });
    users = `${tenant.path}/users`;
  });
  afterAll(() => stage.close());

  const create = async (body: object): Promise<Json> => made(await tenant.caller.post(users, body)).user;

  it('are found by id and by external id, however odd', async () => {
    const odd = [
      'a/b',
      'with space',
      'ünïcode ✓',
      '%2F',
      'a?b#c',
      "'; DROP TABLE app_user; --",
      '..%2f..',
      '🙂'.repeat(200),
    ];
    for (const externalId of [...odd, '0123456789abcdef01234567', 'personalinformation', 'constructor']) {
      const user = await create({ externalId });
      for (const name of [user.id, encodeURIComponent(externalId)]) {
        expect((await tenant.caller.get(`${users}/${name}`)).body).toEqual({ user });
      }
    }
    const anonymous = await create({});
    expect(anonymous).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      authenticated: false,
      signedUpAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      toBeRetained: false,
      profile: {},
      metadata: {},
      identities: [],
    });
    expect(refusal(await tenant.caller.get(`${users}/nobody`))).toEqual([404, 'user_not_found', 'User not found']);
    for (const bad of ['%00', '%ff', 'a%00b']) expect((await tenant.caller.get(`${users}/${bad}`)).status).toBe(400);
  });

  it('exist once per external id and app', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => tenant.caller.post(users, { externalId: 'twin' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect(refusal(answers.find(({ status }) => status === 409)!)).toEqual([409, 'conflict', 'User already exists']);
    const other = await stage.tenant();
    made(await other.caller.post(`${other.path}/users`, { externalId: 'twin' }));
    const mine = (await tenant.caller.get(`${users}/twin`)).body.user;
    expect(refusal(await other.caller.get(`${other.path}/users/${mine.id}`))[1]).toBe('user_not_found');
    expect(refusal(await other.caller.delete(`${other.path}/users/${mine.id}`))[1]).toBe('user_not_found');
  });

  it('merge profile and metadata', async () => {
    const { id } = await create({
      externalId: 'merge',
      profile: { givenName: 'A', surname: 'B', email: 'A@Example.org' },
      metadata: { one: 1 },
    });
    const patch = async (body: object) => (await tenant.caller.patch(`${users}/${id}`, body)).body.user;
    expect(await patch({ profile: { surname: null, locale: 'en-GB' }, metadata: { two: 2 } })).toMatchObject({
      externalId: 'merge',
      profile: { givenName: 'A', email: 'A@Example.org', locale: 'en-GB' },
      metadata: { one: 1, two: 2 },
      identities: [],
    });
    expect((await patch({ metadata: { one: null } })).metadata).toEqual({ two: 2 });
    expect(await patch({ externalId: 'changed', signedUpAt: '2026-01-01T00:00:00+01:00' })).toMatchObject({
      externalId: 'merge',
      signedUpAt: '2025-12-31T23:00:00.000Z',
    });
    const found = await tenant.caller.get(`${users}?filter[identities.email]=A%40Example.org`);
    expect(found.body.users).toEqual([]);
    expect((await tenant.caller.get(users)).status).toBe(400);
    expect((await patch({ metadata: null })).metadata).toEqual({});
    const erased = await tenant.caller.delete(`${users}/${id}/personalinformation`);
    expect(erased.body.user).toMatchObject({ id, externalId: 'merge', profile: {}, metadata: {}, identities: [] });
  });

  it('are made without what a client sent as null', async () => {
    const nulls = { signedUpAt: null, toBeRetained: null, profile: null, metadata: { a: null, b: 1 }, brandId: null };
    expect(await create({ externalId: 'nulls', ...nulls })).toMatchObject({ profile: {}, metadata: { b: 1 } });
  });

  it('lose no change to another one at the same moment', async () => {
    const { id } = await create({ externalId: 'busy' });
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => tenant.caller.patch(`${users}/${id}`, { metadata: { [`k${i}`]: i } })),
    );
    const { metadata } = (await tenant.caller.get(`${users}/${id}`)).body.user;
    expect(Object.keys(metadata)).toHaveLength(20);
  });

  it.each([
    { externalId: '' },
    { externalId: 'x'.repeat(1025) },
    { externalId: 7 },
    { externalId: 'a\0' },
    { externalId: '\ud800' },
    { profile: { givenName: '' } },
    { profile: { email: 'x' } },
    { profile: { avatarUrl: 'javascript:alert(1)' } },
    { profile: [] },
    { signedUpAt: 'yesterday' },
    { signedUpAt: '2026-13-01T00:00:00Z' },
    { signedUpAt: '+275760-09-13T00:00:00Z' },
    { metadata: { a: {} } },
    { metadata: { a: 'x'.repeat(4096) } },
    { toBeRetained: 'yes' },
    { brandId: 'brand' },
  ])('refuse %j', async (body) => {
    expect(refusal(await tenant.caller.post(users, body)).slice(0, 2)).toEqual([400, 'bad_request']);
  });

  it('go with all they said', async () => {
    const bot = await tenant.bot();
    const { id } = await create({ externalId: 'leaving' });
    const path = `${tenant.path}/conversations`;
    const conversations: string[] = [];
    for (let i = 0; i < 2; i++) {
      const body = { type: 'personal', participants: [{ userId: id }] };
      conversations.push(made(await tenant.caller.post(path, body)).conversation.id);
    }
    for (const conversation of conversations) {
      const body = { author: { type: 'user', userId: id }, content: { type: 'text', text: 'secret words' } };
      made(await tenant.caller.post(`${path}/${conversation}/messages`, body));
    }
    expect(await bot.caller.delete(`${users}/leaving`)).toEqual({ status: 200, body: {} });
    for (const conversation of conversations) {
      expect((await tenant.caller.get(`${path}/${conversation}`)).status).toBe(404);
    }
    expect(refusal(await tenant.caller.get(`${users}/${id}`))[1]).toBe('user_not_found');
    expect((await tenant.caller.delete(`${users}/leaving`)).status).toBe(404);
    const kysely = unbound(stage.started.app.get(Db));
    for (const table of ['message', 'participant'] as const) {
      const rows = await kysely.selectFrom(table).select('id').where('conversation_id', 'in', conversations).execute();
      expect([table, rows]).toEqual([table, []]);
    }
    expect((await create({ externalId: 'leaving' })).id).not.toBe(id);
  });

  it('have no clients and no devices, and say so', async () => {
    const { id } = await create({ externalId: 'bare' });
    expect((await tenant.caller.get(`${users}/${id}/clients`)).body).toEqual({ clients: [], meta: { hasMore: false } });
    expect((await tenant.caller.get(`${users}/${id}/devices`)).body).toEqual({ devices: [] });
    expect(refusal(await tenant.caller.get(`${users}/${id}/devices/x`))).toEqual([
      404,
      'device_not_found',
      'Device not found',
    ]);
    expect(refusal(await tenant.caller.delete(`${users}/${id}/clients/x`))[1]).toBe('client_not_found');
    expect((await tenant.caller.get(`${users}/nobody/clients`)).status).toBe(404);
  });

  it('answer a repeated POST with the first answer', async () => {
    const headers = { 'idempotency-key': 'user-once' };
    const post = () => tenant.caller.post(users, { externalId: 'once' }, headers);
    const first = await post();
    expect(first.status).toBe(201);
    expect(await post()).toEqual(first);
  });
});
