import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { furnish, idsFor, userToken, type Furnished } from '../../support/furnished.js';
import { pathOf, servedRoutes, type ServedRoute } from '../../support/routes.js';
import { rows, type Row, type Scope } from './authorization.rows.js';
import { basic, made, openStage, type Caller, type Stage } from './stage.js';

/** Asked by machines without keys; they tell nothing of any app. */
const open = ['/health/live', '/health/ready', '/metrics'];

const past = Math.floor(Date.now() / 1000) - 60;

interface Principal {
  readonly name: string;
  readonly caller: Caller;
  /** What decides: nobody, somebody of another app, or a scope; `peer` is the app's other integration or user. */
  readonly is: 'nobody' | 'foreign' | Scope | 'peer integration' | 'peer user';
}

/** An app and everybody who could knock at it, always in the same order. */
interface Cast {
  readonly own: Furnished;
  readonly principals: readonly Principal[];
}

let stage: Stage;
let shared: Cast;
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
  ];
}

function expected({ is }: Principal, row: Row): number {
  if (is === 'nobody') return 401;
  if (is === 'foreign') return 403;
  const scope = is.replace('peer ', '') as Scope;
  if (!row.allow.includes(scope)) return 403;
  const own = scope === 'integration' ? (row.holder ?? row.status) : row.status;
  return is.startsWith('peer') ? (row.peer ?? own) : own;
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
    const cells: [string, number][] = [];
    const wanted: [string, number][] = [];
    for (const [index, { name: who }] of shared.principals.entries()) {
      const want = expected(shared.principals[index]!, row);
      const { own, principals: cast } = row.once && want < 400 ? await fresh() : shared;
      const { caller } = cast[index]!;
      const target = pathOf({ method, path }, idsFor(path, own.ids));
      const { status, body } = await caller.send(method, target, row.body);
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
