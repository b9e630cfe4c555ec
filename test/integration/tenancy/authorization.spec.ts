import { ROLES, type Role } from '../../../src/kernel/index.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { furnish, idsFor, userToken, type Furnished } from '../../support/furnished.js';
import { dismiss, hire } from '../../support/hired.js';
import { missingRoutes, paramsOf, pathOf, servedRoutes, type ServedRoute } from '../../support/routes.js';
import { GRANTS, type Grant } from '../../../src/tenancy/index.js';
import { routePathOf, wireOperations } from '../../../src/wire/index.js';
import { MISSING, rows, type Row, type Scope } from './authorization.rows.js';
import { basic, made, openStage, type Caller, type Stage } from './stage.js';

/** Asked by machines without keys, which are told nothing of any app; pages whose address is the key; and a page of our docs. */
const open = ['/health/live', '/health/ready', '/metrics', '/surveys/:token', '/docs/operations-of-the-wire.md'];

const past = Math.floor(Date.now() / 1000) - 60;

interface Principal {
  readonly name: string;
  readonly caller: Caller;
  /** What decides: nobody, somebody of another app, or a scope; `peer` is the app's other integration or user. */
  readonly is: 'nobody' | 'foreign' | Scope | 'peer integration' | 'peer user';
  readonly role?: Role;
  /** Of an app's key that may not do everything. */
  readonly grant?: Grant;
}

/** An app and everybody who could knock at it, always in the same order. */
interface Cast {
  readonly own: Furnished;
  readonly principals: readonly Principal[];
}

let stage: Stage;
let shared: Cast;
let routes: readonly ServedRoute[] = [];
let missing: readonly ServedRoute[] = [];
let other: Furnished;
const used: Furnished[] = [];

beforeAll(async () => {
  stage = await openStage({
    // Every route is called without credentials and with wrong ones, in a minute, from one address.
    settings: { SWITCHBOARD_GUESSES_PER_MINUTE: '100000' },
    prepare: (app) => {
      routes = servedRoutes(app);
      missing = missingRoutes(app);
    },
  });
  other = await furnish(stage, 'otherapp');
  shared = await fresh();
});
afterAll(async () => {
  await stage.close();
  await Promise.all([other, ...used].map((one) => one?.close()));
});

let serial = 0;
async function fresh(): Promise<Cast> {
  const own = await furnish(stage, `own${(serial += 1)}`);
  used.push(own);
  return { own, principals: await principals(own) };
}

async function principals(own: Furnished): Promise<Principal[]> {
  const { tenant, bots, token, endUser } = own;
  const bearer = async (signed: Promise<string>): Promise<Caller> => stage.as(`Bearer ${await signed}`);
  const { key: revoked } = made(await stage.account.post(`${tenant.path}/keys`, { displayName: 'revoked' }));
  await stage.account.delete(`${tenant.path}/keys/${revoked.id}`);
  await tenant.caller.post(`${tenant.path}/users`, { externalId: 'peer' });
  return [
    { name: 'none', is: 'nobody', caller: stage.as(null) },
    { name: 'wrong secret', is: 'nobody', caller: stage.as(basic({ ...tenant.key, secret: other.tenant.key.secret })) },
    { name: 'revoked key', is: 'nobody', caller: stage.as(basic(revoked)) },
    { name: 'token of the revoked key', is: 'nobody', caller: await bearer(userToken(revoked, { scope: 'app' })) },
    {
      name: 'expired app token',
      is: 'nobody',
      caller: await bearer(userToken(tenant.key, { scope: 'app', exp: past })),
    },
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
    ...(await lesserKeys(own)),
    ...(await agents(own)),
  ];
}

/** App keys with one grant, and what such a key may not sign. */
async function lesserKeys({ tenant, ids }: Furnished): Promise<Principal[]> {
  const keys = await Promise.all(
    GRANTS.filter((grant) => grant !== 'full').map(async (grant) => {
      const { key } = made(await stage.account.post(`${tenant.path}/keys`, { displayName: grant, scopes: [grant] }));
      const signed = (claims: object): Promise<string> => userToken(key, claims);
      return [
        { name: `app key for ${grant}`, is: 'app' as const, grant, caller: stage.as(basic(key)) },
        {
          name: `app token for ${grant}`,
          is: 'app' as const,
          grant,
          caller: stage.as(`Bearer ${await signed({ scope: 'app' })}`),
        },
        {
          name: `user token by a key for ${grant}`,
          is: 'nobody' as const,
          caller: stage.as(`Bearer ${await signed({ scope: 'user', external_id: ids['externalId'] })}`),
        },
      ];
    }),
  );
  return keys.flat();
}

/** Agents of every role with keys of their own, and by tokens that the app's key signed. */
async function agents({ tenant, agents: hired }: Furnished): Promise<Principal[]> {
  const signed = async (claims: object): Promise<Caller> =>
    stage.as(`Bearer ${await userToken(tenant.key, { scope: 'agent', ...claims })}`);
  const gone = await hire(stage, tenant, 'admin');
  await dismiss(stage, gone);
  return [
    ...ROLES.map((role) => ({ name: `key of ${role}`, is: 'agent' as const, role, caller: hired[role].caller })),
    { name: 'token of an agent', is: 'agent', role: 'agent', caller: await signed({ agent_id: hired.agent.id }) },
    {
      name: 'token of an admin by external id',
      is: 'agent',
      role: 'admin',
      caller: await signed({ external_id: hired.admin.externalId }),
    },
    { name: 'key of an admin who is gone', is: 'nobody', caller: gone.caller },
    { name: 'token of an admin who is gone', is: 'nobody', caller: await signed({ agent_id: gone.id }) },
    { name: 'token of nobody', is: 'nobody', caller: await signed({ external_id: 'nobody' }) },
    { name: "other app's admin", is: 'foreign', caller: other.agents.admin.caller },
    { name: "token of the other app's admin", is: 'nobody', caller: await signed({ agent_id: other.agents.admin.id }) },
  ];
}

function expected({ is, role, grant }: Principal, row: Row): number {
  if (is === 'nobody') return 401;
  if (is === 'foreign') return 403;
  const scope = is.replace('peer ', '') as Scope;
  if (!row.allow.includes(scope)) return 403;
  if (role !== undefined && row.roles !== undefined && !row.roles.includes(role)) return 403;
  if (grant !== undefined && row.grant !== grant) return 403;
  if (role === 'agent' && row.stranger !== undefined) return row.stranger;
  const own = ofScope(scope, row);
  return is.startsWith('peer') ? (row.peer ?? own) : own;
}

function ofScope(scope: Scope, { status, holder, agent }: Row): number {
  if (scope === 'integration') return holder ?? status;
  return scope === 'agent' ? (agent ?? status) : status;
}

const bodyOf = ({ body }: Row, { ids }: Furnished): object | undefined =>
  typeof body === 'function' ? body(ids) : body;

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
    const cells: [string, number][] = [];
    const wanted: [string, number][] = [];
    for (const [index, { name: who }] of shared.principals.entries()) {
      const want = expected(shared.principals[index]!, row);
      const { own, principals: cast } = row.once && want < 400 ? await fresh() : shared;
      const { caller } = cast[index]!;
      const target = pathOf({ method, path }, idsFor(path, own.ids));
      const { status, body } = await caller.send(method, target, bodyOf(row, own));
      cells.push([who, status]);
      wanted.push([who, want]);
      if (status === 401) expect(body.errors[0].code).toBe('unauthorized');
      if (method !== 'GET') continue;
      cells.push([`HEAD by ${who}`, await caller.head(target)]);
      wanted.push([`HEAD by ${who}`, want]);
    }
    expect(cells).toEqual(wanted);
  });
});

const statusOf = async (caller: Caller, method: string, target: string): Promise<number> =>
  method === 'HEAD' ? caller.head(target) : (await caller.send(method, target)).status;

const asksNobody = ({ method, path }: ServedRoute): boolean =>
  wireOperations.some(
    (one) => one.public && routePathOf(one) === path && one.method === (method === 'HEAD' ? 'GET' : method),
  );

describe('operations of the wire that are missing', () => {
  it('are told to whoever may call for the app, and to nobody else, whatever they name', async () => {
    expect(missing.length).toBeGreaterThan(5);
    const cells: [string, string, number][] = [];
    const wanted: typeof cells = [];
    for (const route of missing) {
      for (const principal of shared.principals) {
        const named = paramsOf(route);
        // Every app's key is at home where no app is named.
        if (principal.is === 'foreign' && !named.includes('appId')) continue;
        for (const ids of [shared.own.ids, { ...other.ids, appId: shared.own.ids.appId }]) {
          const params = Object.fromEntries(
            named.map((name) => [name, ids[name as keyof typeof ids] ?? '0'.repeat(24)]),
          );
          const target = pathOf(route, params);
          const what = `${route.method} ${route.path}`;
          cells.push([what, principal.name, await statusOf(principal.caller, route.method, target)]);
          wanted.push([what, principal.name, asksNobody(route) ? 501 : expected(principal, MISSING)]);
        }
      }
    }
    expect(cells).toEqual(wanted);
  });

  it('are not there for the account either in an app that is not there', async () => {
    const { status } = await stage.account.post(`/v2/apps/${'0'.repeat(24)}/attachments`);
    expect(status).toBe(404);
  });
});
