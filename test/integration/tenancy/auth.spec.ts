import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SignJWT, UnsecuredJWT } from 'jose';
import { Db } from '../../../src/platform/postgres/index.js';
import { SecretBox } from '../../../src/platform/secrets/index.js';
import { KeyRing } from '../../../src/tenancy/auth/key-ring.js';
import { KeysStore } from '../../../src/tenancy/keys/keys.store.js';
import { until } from '../../support/until.js';
import {
  basic,
  made,
  openStage,
  refusal,
  type Bot,
  type Caller,
  type KeyPair,
  type Stage,
  type Tenant,
} from './stage.js';

/** `SWITCHBOARD_TOKEN_LEEWAY_SECONDS` by default. */
const LEEWAY_SECONDS = 30;

const sign = (claims: object, { id, secret }: KeyPair, header: object = {}): Promise<string> =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: id, ...header })
    .sign(Buffer.from(secret));

describe('who may call', () => {
  let stage: Stage;
  let tenant: Tenant;
  let other: Tenant;
  let bot: Bot;
  beforeAll(async () => {
    stage = await openStage();
    tenant = await stage.tenant();
    other = await stage.tenant();
    bot = await tenant.bot();
  });
  afterAll(() => stage.close());

  const bearer = async (claims: object, key: KeyPair, header?: object): Promise<Caller> =>
    stage.as(`Bearer ${await sign(claims, key, header)}`);
  const past = Math.floor(Date.now() / 1000) - 60;

  it('answers 401 with the documented body to whoever cannot prove who they are', async () => {
    const { key } = tenant;
    const unsigned = new UnsecuredJWT({ scope: 'app' }).encode();
    const strangers: [string, string | null][] = [
      ['nothing', null],
      ['an empty header', ''],
      ['another scheme', 'Digest abc'],
      ['no colon', `Basic ${Buffer.from('abc').toString('base64')}`],
      ['a wrong secret', basic({ ...key, secret: `${key.secret}x` })],
      ['an empty secret', basic({ ...key, secret: '' })],
      ['an unknown key', basic({ id: 'app_000000000000000000000000', secret: 'x' })],
      ['a key id that is none', basic({ id: "app_' OR 1=1", secret: 'x' })],
      ['NUL in a key id', basic({ id: 'app_\0', secret: 'x' })],
      ['no token', 'Bearer x'],
      ['alg none', `Bearer ${unsigned}`],
      ['a wrong signature', `Bearer ${await sign({ scope: 'app' }, { ...key, secret: 'wrong' })}`],
      ['an expired token', `Bearer ${await sign({ scope: 'app', exp: past }, key)}`],
      ['a token that is not good yet', `Bearer ${await sign({ scope: 'app', nbf: past + 3600 }, key)}`],
      ['no scope', `Bearer ${await sign({}, key)}`],
      ['the scope of an account', `Bearer ${await sign({ scope: 'account' }, key)}`],
      ['a scope that is a list', `Bearer ${await sign({ scope: ['app'] }, key)}`],
      ['no kid', `Bearer ${await sign({ scope: 'app' }, { ...key, id: undefined as unknown as string })}`],
      ['the kid of another key', `Bearer ${await sign({ scope: 'app' }, { ...key, id: other.key.id })}`],
      ['a user token by an integration key', `Bearer ${await sign({ scope: 'user', external_id: 'u' }, bot.key)}`],
      ['a user token without external_id', `Bearer ${await sign({ scope: 'user' }, key)}`],
      ['a kid that is a list', `Bearer ${await sign({ scope: 'app' }, { ...key, id: [key.id] as never })}`],
      ['HS512', `Bearer ${await sign({ scope: 'app' }, key, { alg: 'HS512' })}`],
    ];
    for (const [what, authorization] of strangers) {
      const answer = await stage.as(authorization).get(tenant.path);
      expect([what, answer]).toEqual([
        what,
        { status: 401, body: { errors: [{ code: 'unauthorized', title: 'Authorization is required' }] } },
      ]);
    }
  });

  it('lets the clock of whoever signs be half a minute off, to either side', async () => {
    const now = Math.floor(Date.now() / 1000);
    const status = async (claims: object) =>
      (await (await bearer({ scope: 'app', ...claims }, tenant.key)).get(tenant.path)).status;
    expect(await Promise.all([status({ nbf: now + 20 }), status({ exp: now - 20 })])).toEqual([200, 200]);
    expect(await Promise.all([status({ nbf: now + 50 }), status({ exp: now - 50 })])).toEqual([401, 401]);
  });

  it('takes a token for as long as it is good, and no longer', async () => {
    const exp = Math.floor(Date.now() / 1000) - LEEWAY_SECONDS + 2;
    const caller = await bearer({ scope: 'app', exp }, tenant.key);
    expect((await caller.get(tenant.path)).status).toBe(200);
    expect((await caller.get(tenant.path)).status).toBe(200);
    await until(async () => (await caller.get(tenant.path)).status === 401, { what: 'its end' });
    expect(Date.now() / 1000).toBeGreaterThanOrEqual(exp + LEEWAY_SECONDS);
  });

  it('keeps apps apart, and says 404 only to the account', async () => {
    const nowhere = '/v2/apps/000000000000000000000000';
    const foreign = [403, 'forbidden', 'Forbidden'];
    for (const caller of [tenant.caller, bot.caller, await bearer({ scope: 'integration' }, bot.key)]) {
      expect(refusal(await caller.get(`${other.path}/users/x`))).toEqual(foreign);
      expect(refusal(await caller.get(`${nowhere}/users/x`))).toEqual(foreign);
    }
    for (const path of [nowhere, '/v2/apps/x', '/v2/apps/%27']) {
      expect(refusal(await stage.account.get(path))).toEqual([404, 'app_not_found', 'App not found']);
    }
    const account = await bearer({ scope: 'account' }, stage.started.accountKey);
    expect((await account.get(other.path)).status).toBe(200);
  });

  it('refuses a key everywhere in this process at once when it was deleted, token and all', async () => {
    const { key } = made(await stage.account.post(`${tenant.path}/keys`, { displayName: 'short-lived' }));
    const callers = [stage.as(basic(key)), await bearer({ scope: 'app' }, key)];
    for (const caller of callers) expect((await caller.get(tenant.path)).status).toBe(200);
    await stage.account.delete(`${tenant.path}/keys/${key.id}`);
    for (const caller of callers) expect((await caller.get(tenant.path)).status).toBe(401);
  });

  it('lets users in nowhere but where users are meant', async () => {
    const user = await bearer({ scope: 'user', external_id: 'someone' }, tenant.key);
    expect(refusal(await user.get(tenant.path))).toEqual([403, 'forbidden', 'Forbidden']);
    expect(refusal(await user.get(`${tenant.path}/users/someone`))).toEqual([403, 'forbidden', 'Forbidden']);
  });

  /** `docs/wire.md` 2: scope per resource. */
  describe('by scope', () => {
    const id = '0123456789abcdef01234567';
    const rows: [string, string, string][] = [
      ['account', 'GET', '/v2/apps'],
      ['account', 'POST', '/v2/apps'],
      ['account', 'DELETE', `/v2/apps/:app?`],
      ['account', 'GET', '/v2/apps/:app/keys'],
      ['account', 'POST', '/v2/apps/:app/keys'],
      ['account', 'GET', `/v2/apps/:app/keys/app_${id}`],
      ['account', 'DELETE', `/v2/apps/:app/keys/app_${id}`],
      ['account app', 'GET', '/v2/apps/:app'],
      ['account app', 'PATCH', '/v2/apps/:app'],
      ['account app', 'GET', '/v2/apps/:app/switchboards'],
      ['account app', 'GET', `/v2/apps/:app/switchboards/${id}`],
      ['account app', 'PATCH', `/v2/apps/:app/switchboards/${id}`],
      ['account app', 'DELETE', `/v2/apps/:app/switchboards/${id}`],
      ['account app', 'GET', `/v2/apps/:app/switchboards/${id}/switchboardIntegrations`],
      ['account app', 'POST', `/v2/apps/:app/switchboards/${id}/switchboardIntegrations`],
      ['account app', 'PATCH', `/v2/apps/:app/switchboards/${id}/switchboardIntegrations/${id}`],
      ['account app', 'DELETE', `/v2/apps/:app/switchboards/${id}/switchboardIntegrations/${id}`],
      ['account app', 'GET', '/v2/apps/:app/integrations'],
      ['account app', 'POST', '/v2/apps/:app/integrations'],
      ['account app', 'GET', `/v2/apps/:app/integrations/${id}`],
      ['account app', 'PATCH', `/v2/apps/:app/integrations/${id}`],
      ['account app', 'DELETE', `/v2/apps/:app/integrations/${id}`],
      ['account app', 'GET', `/v2/apps/:app/integrations/${id}/keys`],
      ['account app', 'POST', `/v2/apps/:app/integrations/${id}/keys`],
      ['account app', 'DELETE', `/v2/apps/:app/integrations/${id}/keys/int_${id}`],
      ['app integration', 'GET', '/v2/apps/:app/integrations/:bot/webhooks'],
      ['app integration', 'POST', '/v2/apps/:app/integrations/:bot/webhooks'],
      ['app integration', 'GET', `/v2/apps/:app/integrations/:bot/webhooks/${id}`],
      ['app integration', 'PATCH', `/v2/apps/:app/integrations/:bot/webhooks/${id}`],
      ['app integration', 'DELETE', `/v2/apps/:app/integrations/:bot/webhooks/${id}`],
      ['account app integration', 'GET', '/v2/apps/:app/users'],
      ['account app integration', 'POST', '/v2/apps/:app/users'],
      ['account app integration', 'GET', '/v2/apps/:app/users/x'],
      ['account app integration', 'PATCH', '/v2/apps/:app/users/x'],
      ['account app integration', 'DELETE', '/v2/apps/:app/users/x'],
      ['account app integration', 'DELETE', '/v2/apps/:app/users/x/personalinformation'],
      ['account app integration', 'GET', '/v2/apps/:app/users/x/clients'],
      ['account app integration', 'DELETE', `/v2/apps/:app/users/x/clients/${id}`],
      ['account app integration', 'GET', '/v2/apps/:app/users/x/devices'],
      ['account app integration', 'GET', `/v2/apps/:app/conversations/${id}`],
      ['account app integration', 'POST', `/v2/apps/:app/conversations/${id}/passControl`],
    ];

    it.each(rows)('%s: %s %s', async (allowed, method, template) => {
      const victim = await stage.tenant();
      const victimBot = template.includes(':bot') ? await victim.bot() : null;
      const path = template
        .replace(':app?', victim.id)
        .replace(':app', victim.id)
        .replace(':bot', victimBot?.id ?? '');
      const body = method === 'POST' || method === 'PATCH' ? {} : undefined;
      const integration = victimBot ?? (await victim.bot());
      const callers = { integration: integration.caller, app: victim.caller, account: stage.account };
      for (const [scope, caller] of Object.entries(callers)) {
        const { status } = await caller.send(method, path, body);
        expect([scope, status === 403]).toEqual([scope, !allowed.split(' ').includes(scope)]);
        expect([scope, status]).not.toEqual([scope, 401]);
        expect(status).toBeLessThan(500);
      }
      if (path.startsWith('/v2/apps/')) {
        for (const caller of [tenant.caller, bot.caller]) {
          expect((await caller.send(method, path, body)).status).toBe(403);
        }
      }
      expect((await stage.as(null).send(method, path, body)).status).toBe(401);
    });
  });
});

describe('keys in memory', () => {
  let stage: Stage;
  let elsewhere: Db;
  beforeAll(async () => {
    stage = await openStage();
    elsewhere = new Db(stage.started.app.get(Db).url, 2);
  });
  afterAll(async () => {
    await elsewhere.close();
    await stage.close();
  });

  /** The keys as another process holds them. */
  const anotherRing = () => {
    const store = new KeysStore(elsewhere, stage.started.app.get(SecretBox));
    const open = jest.spyOn(store, 'open');
    return { ring: new KeyRing(store), open };
  };

  it('are read once however many ask, and not per request', async () => {
    const { key } = await stage.tenant();
    const { ring, open } = anotherRing();
    const found = await Promise.all(Array.from({ length: 50 }, () => ring.find(key.id)));
    expect(new Set(found).size).toBe(1);
    for (let i = 0; i < 1_000; i++) expect(ring.find(key.id)).toBe(found[0]);
    expect(open).toHaveBeenCalledTimes(1);
  });

  it('are refused within 5 seconds of being deleted by another process', async () => {
    const tenant = await stage.tenant();
    const { ring } = anotherRing();
    expect((await ring.find(tenant.key.id))?.principal).toMatchObject({ scope: 'app', appId: tenant.id });
    await stage.account.delete(`${tenant.path}/keys/${tenant.key.id}`);
    const deleted = performance.now();
    expect(ring.find(tenant.key.id)).not.toBeNull();
    await until(async () => (await ring.find(tenant.key.id)) === null, { what: 'the refusal' });
    expect(performance.now() - deleted).toBeLessThan(5_000);
  });

  it('are not served past their time when the database cannot be read', async () => {
    const { key } = await stage.tenant();
    const { ring, open } = anotherRing();
    await ring.find(key.id);
    open.mockRejectedValue(new Error('cut off'));
    const served = async () => (await Promise.resolve(ring.find(key.id)).catch(() => 'refused')) !== 'refused';
    expect(await served()).toBe(true);
    await until(async () => !(await served()), { what: 'the end of its time' });
  });
});
