import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isOurs, wireOperations } from '../../src/platform/http/wire-operations.js';
import { userToken } from '../support/furnished.js';
import { hire } from '../support/hired.js';
import { paramsOf, pathOf, servedRoutes, type ServedRoute } from '../support/routes.js';
import { openStage, refusal, type Answer, type Caller, type Stage, type Tenant } from '../integration/tenancy/stage.js';

interface Facts {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses?: unknown }>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, { readonly properties?: object }>> };
}
const facts = JSON.parse(readFileSync(new URL('./openapi-facts.json', import.meta.url), 'utf8')) as Facts;

/** The document of the wire has these no more; official clients call them. */
const OF_CLIENTS_ALONE: readonly string[] = ['GenerateMediaJsonWebToken', 'SetCookie'];

const NOBODY = '0123456789abcdef01234567';
const METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);

let stage: Stage;
let tenant: Tenant;
let routes: readonly ServedRoute[] = [];
let callers: readonly Caller[] = [];

beforeAll(async () => {
  stage = await openStage({ prepare: (app) => void (routes = servedRoutes(app)) });
  tenant = await stage.tenant({ multiConvoEnabled: true });
  const { caller: admin } = await hire(stage, tenant, 'admin');
  const token = await userToken(tenant.key, { scope: 'user', external_id: 'ann' });
  callers = [stage.account, tenant.caller, admin, stage.as(`Bearer ${token}`)];
});
afterAll(() => stage.close());

const ours = (): readonly ServedRoute[] =>
  routes.filter(({ method, path }) => METHODS.has(method) && isOurs(method, path));

/** By the first caller whom the route is for. */
async function asked({ method, path }: ServedRoute, query: string, body?: object): Promise<Answer> {
  const params = Object.fromEntries(paramsOf({ method, path }).map((name) => [name, NOBODY]));
  const url = pathOf({ method, path }, { ...params, appId: tenant.id });
  for (const caller of callers) {
    const answer = await caller.send(method, url + query, body);
    if (answer.status !== 401 && answer.status !== 403) return answer;
  }
  throw new Error(`${method} ${path} is for nobody here`);
}

describe('the list of the public operations', () => {
  it('has every operation of the public API and no other', () => {
    const unnamed = (path: string): string => path.replaceAll(/\{\w+\}|:\w+/g, ':');
    const known = Object.entries(facts.paths)
      .filter(([path]) => path.startsWith('/v2/'))
      .flatMap(([path, operations]) =>
        Object.entries(operations).flatMap(([method, { responses }]) =>
          responses === undefined ? [] : [`${method.toUpperCase()} ${unnamed(path)}`],
        ),
      );
    const listed = wireOperations
      .filter(({ path, operationId }) => path.startsWith('/v2/') && !OF_CLIENTS_ALONE.includes(operationId))
      .map(({ method, path }) => `${method} ${unnamed(path)}`);
    expect(listed.toSorted()).toEqual(known.toSorted());
  });

  it('tells them from our own', () => {
    const operations = wireOperations.map(
      ({ method, path }) => [method, path.replaceAll(/\{(\w+)\}/g, ':$1')] as const,
    );
    expect(operations.filter(([method, path]) => isOurs(method, path))).toEqual([]);
    expect(isOurs('HEAD', '/v2/apps/:appId')).toBe(false);
    expect(isOurs('PUT', '/v2/apps/:appId')).toBe(true);
    expect(isOurs('GET', '/v2/apps/:appId/sessions')).toBe(true);
  });
});

describe('every operation of ours', () => {
  it.each(['status=WAITING', 'filter[nonsense]=1', 'filter={"nonsense":1}', 'page[nonsense]=1'])(
    'refuses %s, and names it',
    async (query) => {
      const word = /nonsense|status/.exec(query)?.[0] ?? '';
      const lenient: string[] = [];
      for (const route of ours()) {
        const answer = await asked(route, `?${query}`);
        const [status, code, title] = refusal(answer);
        if (status !== 400 || code !== 'bad_request' || !title?.includes(word))
          lenient.push(`${route.method} ${route.path}: ${status} ${title}`);
      }
      expect(lenient).toEqual([]);
      expect(ours().length).toBeGreaterThan(50);
    },
  );

  it('refuses a word in a body that it does not read, and names it', async () => {
    const lenient: string[] = [];
    for (const route of ours().filter(({ method }) => method !== 'GET')) {
      const { status, body } = await asked(route, '', { nonsense: 1 });
      const titles = (body.errors ?? []).map((one: { title: string }) => one.title).join();
      if (status !== 400 || !titles.includes('nonsense'))
        lenient.push(`${route.method} ${route.path}: ${status} ${titles}`);
    }
    expect(lenient).toEqual([]);
  });

  it('says 401 first to a stranger', async () => {
    const answer = await stage.as(null).get(`${tenant.path}/sessions?nonsense=1`);
    expect(refusal(answer)[0]).toBe(401);
  });
});

describe('queries of ours', () => {
  const title = async (query: string): Promise<unknown> =>
    refusal(await tenant.caller.get(`${tenant.path}/sessions?${query}`))[2];

  it('name the word that was probably meant', async () => {
    expect(await title('status=WAITING')).toBe("'status' is not known here: did you mean 'filter[status]'?");
    expect(await title('filter[state]=WAITING')).toMatch(/^'filter\[state\]' is not known here/);
    expect(await title('filter[statsu]=WAITING')).toBe(
      "'filter[statsu]' is not known here: did you mean 'filter[status]'?",
    );
    expect(await title('size=3')).toBe("'size' is not known here: did you mean 'page[size]'?");
    expect(await title('filter[status]=WAITING,ACTVE')).toBe("'ACTVE' is not known here: did you mean 'ACTIVE'?");
  });

  it('take several values with a comma between them', async () => {
    const { status } = await tenant.caller.get(`${tenant.path}/sessions?filter[status]=WAITING,ACTIVE`);
    expect(status).toBe(200);
    await hire(stage, tenant, 'agent');
    const roles = async (filter: string): Promise<string[]> => {
      const { body } = await tenant.caller.get(`${tenant.path}/agents?filter[role]=${filter}`);
      return body.agents.map(({ role }: { role: string }) => role).toSorted();
    };
    expect(await roles('agent')).toEqual(['agent']);
    expect(await roles('agent,admin')).toEqual(['admin', 'agent']);
  });
});

describe('settings of an app', () => {
  const saved = async (body: object): Promise<[number, readonly string[]]> => {
    const answer = await tenant.caller.patch(tenant.path, body);
    return [answer.status, (answer.body.errors ?? []).map((one: { title: string }) => one.title)];
  };
  const unknown = (word: string, meant: string): [number, readonly string[]] => [
    400,
    [`'${word}' is not known here: did you mean '${meant}'?`],
  ];

  it('misspelt are refused, at every depth, and the nearest is named', async () => {
    expect(await saved({ settings: { endSesionEnabled: true } })).toEqual(
      unknown('settings.endSesionEnabled', 'settings.endSessionEnabled'),
    );
    expect(await saved({ settings: { onEnd: { agnet: 'release' } } })).toEqual(
      unknown('settings.onEnd.agnet', 'settings.onEnd.agent'),
    );
    expect(await saved({ settings: { reminders: [{ afterSeconds: 60, text: 'Hello?', end: true }] } })).toEqual(
      unknown('settings.reminders.0.end', 'settings.reminders.0.ends'),
    );
  });

  it('in a wrong place are refused, and their own is named', async () => {
    expect(await saved({ agentsCanEnd: false })).toEqual(unknown('agentsCanEnd', 'settings.agentsCanEnd'));
    expect(await saved({ settings: { actSeconds: 300 } })).toEqual(
      unknown('settings.actSeconds', 'settings.idle.customer.actSeconds'),
    );
    expect(await saved({ settings: { csat: { endSessionEnabled: true } } })).toEqual(
      unknown('settings.csat.endSessionEnabled', 'settings.endSessionEnabled'),
    );
  });

  it('nothing of a refused body is saved', async () => {
    await saved({ displayName: 'changed', settings: { agentsCanEnd: false, nonsense: 1 } });
    const { app } = (await tenant.caller.get(tenant.path)).body;
    expect(app).toMatchObject({ displayName: 'tenant', settings: { agentsCanEnd: true } });
  });

  it('of the public API are all taken', async () => {
    const names = Object.entries(facts.components.schemas)
      .filter(([name]) => /^appSettings$/i.test(name))
      .flatMap(([, { properties = {} }]) => Object.keys(properties));
    expect(names.length).toBeGreaterThan(4);
    for (const name of names) {
      const [, titles] = await saved({ settings: { [name]: null } });
      expect(titles.join()).not.toContain('is not known here');
    }
  });

  it('words that others put beside them are passed over, as in every body of the public API', async () => {
    const answer = await stage.account.post('/v2/apps', { displayName: 'lenient', nonsense: 1 });
    expect(answer.status).toBe(201);
    expect((await tenant.caller.get(`${tenant.path}/integrations?filter[nonsense]=1`)).status).toBe(200);
  });
});
