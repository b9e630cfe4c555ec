import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rows } from './authorization.rows.js';
import { furnish, idsFor, userToken, type Furnished } from '../../support/furnished.js';
import { hire } from '../../support/hired.js';
import { paramsOf, pathOf, servedRoutes, type ServedRoute } from '../../support/routes.js';
import { until } from '../../support/until.js';
import { made, openStage, type Answer, type Caller, type Json, type Stage } from './stage.js';

/**
 * I9 of `docs/invariants.md`: whatever a tenant guesses of another's ids, in any place of any path, query or body, no
 * answer holds anything of the other's, and nothing of the other's has changed.
 */
let stage: Stage;
let routes: readonly ServedRoute[] = [];
let mine: Furnished;
let theirs: Furnished;

beforeAll(async () => {
  stage = await openStage({
    prepare: (app) => {
      routes = servedRoutes(app);
    },
  });
  // Theirs is first: what is looked for without its app is found there.
  theirs = await furnish(stage, 'theirs-c0ffee');
  mine = await furnish(stage, 'mine-5e1f');
  await surveyed(theirs);
}, 90_000);
afterAll(async () => {
  await stage.close();
  await Promise.all([mine, theirs].map((one) => one?.close()));
});

/** Another conversation of theirs, ended, so that there is a survey. */
async function surveyed({ tenant, canary, token }: Furnished): Promise<void> {
  const user = stage.as(`Bearer ${await token(`second-${canary}`)}`);
  const conversations = `/client/v1/apps/${tenant.id}/conversations`;
  const { conversation } = made(await user.post(conversations, {}));
  await user.post(`${conversations}/${conversation.id}/messages`, { content: text });
  await user.post(`${conversations}/${conversation.id}/end`, { confirmed: true });
  const sent = async (): Promise<boolean> =>
    (await tenant.caller.get(`${tenant.path}/surveys`)).body.surveys[0]?.status === 'sent';
  // Sent by then: what belongs to them must stay as it is while I look.
  await until(sent, { timeoutMs: 45_000, what: 'a survey that was sent' });
}

/** With keys of their own and by tokens that the app's key signed: of no rank, leading one team, leading all. */
async function agentsOf({ tenant, agents }: Furnished): Promise<readonly Caller[]> {
  const lead = await hire(stage, tenant, 'supervisor', 'lead', ['red']);
  const token = await userToken(tenant.key, { scope: 'agent', external_id: agents.agent.externalId });
  return [stage.as(`Bearer ${token}`), agents.agent.caller, lead.caller, agents.admin.caller];
}

const text = { type: 'text', text: 'words' };

/** What the other tenant would not want to see elsewhere: words they chose, secrets, and ids nobody has named. */
const private_ = new Set<string>();

function leaked(answer: string, sent: string): string[] {
  return [...private_].filter((one) => answer.includes(one) && !sent.includes(one));
}

/** Everything the other tenant can read of their own, as they see it. */
async function belongings(): Promise<Json> {
  const seen: Json = {};
  for (const route of routes) {
    if (route.method !== 'GET' || !route.path.startsWith('/v2/apps/:appId')) continue;
    const path = pathOf(route, idsFor(route.path, theirs.ids));
    const answers = [await theirs.tenant.caller.get(path), await stage.account.get(path)];
    seen[path] = answers.map(({ body }) => body);
  }
  const { path, key, id } = theirs.tenant;
  seen.listed = (await theirs.tenant.caller.get(`${path}/conversations?filter[userId]=${theirs.ids.user}`)).body;
  seen.key = (await stage.account.get(`${path}/keys/${key.id}`)).body;
  seen.client = (await theirs.endUser.get(`/client/v1/apps/${id}/conversations`)).body;
  return seen;
}

/** Bodies that let every route get as far as its ids. */
function bodiesOf({ method, path }: ServedRoute): readonly (object | undefined)[] {
  if (method === 'GET' || method === 'DELETE') return [undefined];
  const { ids, bots } = theirs;
  const target = 'http://127.0.0.1:9/';
  if (path.endsWith('/messages')) {
    return [
      { content: text },
      { author: { type: 'business' }, content: text },
      { author: { type: 'user', userId: ids.user }, content: text },
      { author: { type: 'user', userExternalId: ids['externalId'] }, content: text },
      { author: { type: 'business' }, content: text, destination: { integrationId: ids.integrationId } },
    ];
  }
  if (path.endsWith('/activity'))
    return [
      { author: { type: 'user', userId: ids.user }, type: 'conversation:read' },
      { author: { type: 'business' }, type: 'typing:start' },
    ];
  if (/\/(pass|offer)Control$/.test(path)) {
    return [ids.id, ids['defaultLinkId'], bots.faq.id, `desk-${theirs.canary}`].map((switchboardIntegration) => ({
      switchboardIntegration,
    }));
  }
  if (path.endsWith('/join')) {
    return [
      { userId: ids.user, subscribeSDKClient: false },
      { userExternalId: ids['externalId'], subscribeSDKClient: false },
    ];
  }
  if (path.endsWith('/conversations')) {
    return [
      {},
      { type: 'personal', participants: [{ userId: ids.user }] },
      { type: 'personal', participants: [{ userExternalId: ids['externalId'] }] },
      { type: 'sdkGroup', participants: [{ userId: ids.user, subscribeSDKClient: false }] },
    ];
  }
  if (path.includes('/switchboardIntegrations')) {
    return [
      { name: 'guess', integrationId: ids.integrationId },
      { name: 'guess', integrationId: mine.ids.integrationId, nextSwitchboardIntegrationId: ids.id },
      { nextSwitchboardIntegrationId: ids.id },
      { integrationId: ids.integrationId },
    ];
  }
  // A name of theirs that I give to an agent of mine would be in my own list.
  if (path.endsWith('/agents')) return [{}, { displayName: 'guess' }];
  if (path.endsWith('/:switchboardId')) return [{ defaultSwitchboardIntegrationId: ids.id }];
  if (path.endsWith('/resend')) return [{}, { webhookId: ids.webhookId }];
  if (path.includes('/webhooks')) return [{ target, triggers: ['*'] }, {}];
  if (path.endsWith('/:integrationId')) return [{ defaultResponderId: ids.id }, { displayName: 'guess' }];
  return [{}, { confirmed: true, displayName: 'guess', metadata: { guess: true }, externalId: ids['externalId'] }];
}

/** The path's parameters with one, or all, of the other's in the place of mine. */
function guesses(route: ServedRoute): Record<string, string>[] {
  const names = paramsOf(route);
  const of = (ids: Record<string, string>) => Object.fromEntries(names.map((name) => [name, ids[name] ?? '']));
  const own = of(idsFor(route.path, mine.ids));
  const foreign = of(idsFor(route.path, theirs.ids));
  const one = names.filter((name) => name !== 'appId').map((name) => ({ ...own, [name]: foreign[name] ?? '' }));
  const external = names.includes('user') ? [{ ...own, user: theirs.ids['externalId'] ?? '' }] : [];
  return [...one, ...external, { ...foreign, appId: mine.tenant.id }, foreign];
}

const queries = (): string[] => {
  const { ids } = theirs;
  const cursors = [ids.conversationId, ids.messageId, ids.sessionId, ids.user, ids.integrationId, ids.deadLetterId];
  return [
    ...cursors.flatMap((id) => [`page[after]=${id}`, `page[before]=${id}`]),
    `filter[userId]=${ids.user}`,
    `filter[userExternalId]=${ids['externalId']}`,
    `filter[identities.email]=${theirs.canary}@example.org`,
  ];
};

describe('two tenants', () => {
  it('see nothing of each other, and change nothing, for ids guessed in every place', async () => {
    const before = await belongings();
    expect(JSON.stringify(before)).toContain(theirs.canary);
    for (const one of [theirs.canary, ...theirs.secrets]) private_.add(one);
    for (const [id] of JSON.stringify(before).matchAll(/[0-9a-f]{24}/g)) private_.add(id);
    // The same in both: ids that nothing has.
    for (const id of Object.values(mine.ids)) private_.delete(id);
    // The account is the owner of both, and the audit log of each says what it did there.
    private_.delete(stage.started.accountKey.id.slice('act_'.length));
    const agents = await agentsOf(mine);
    const elsewhere = [mine.tenant.caller, mine.bots.faq.caller, mine.endUser, ...agents];
    // An account may see all apps, but each in its own place.
    const inOwnPlace = [...elsewhere, stage.account];
    const refusedAgents = new Set<string>();
    const heardAgents = new Set<string>();
    const faults: string[] = [];
    let asked = 0;
    const ask = async (caller: Caller, method: string, path: string, body?: object): Promise<Answer> => {
      const answer = await caller.send(method, path, body);
      asked += 1;
      const found = leaked(JSON.stringify(answer.body), path + JSON.stringify(body ?? null));
      if (found.length > 0) faults.push(`${method} ${path} ${answer.status} tells ${found.join(', ')}`);
      if (answer.status >= 500) faults.push(`${method} ${path} ${answer.status}`);
      return answer;
    };
    for (const route of routes) {
      const ours = /^\/(v2|client\/v1)\/apps\/:appId/.test(route.path) && route.method !== 'HEAD';
      if (!ours) continue;
      for (const params of guesses(route)) {
        const foreignPath = namesTheirs(params);
        const path = pathOf(route, params);
        for (const caller of params['appId'] === mine.tenant.id ? inOwnPlace : elsewhere) {
          for (const body of bodiesOf(route)) {
            // My own settings are not to go while I look.
            if (!foreignPath && route.method === 'DELETE') continue;
            const { status } = await ask(caller, route.method, path, body);
            if (foreignPath && agents.includes(caller) && params['appId'] === mine.tenant.id)
              (status === 403 ? refusedAgents : heardAgents).add(`${route.method} ${route.path}`);
            const told = route.method === 'GET' || status >= 400;
            if (foreignPath && !told) faults.push(`${route.method} ${path} was done: ${status}`);
          }
        }
      }
      if (route.method !== 'GET') continue;
      const path = pathOf(route, idsFor(route.path, mine.ids));
      for (const caller of inOwnPlace) for (const query of queries()) await ask(caller, 'GET', `${path}?${query}`);
    }
    expect(faults).toEqual([]);
    expect(asked).toBeGreaterThan(1_000);
    // No route that agents may call turned all of them away at the door.
    const turnedAway = [...refusedAgents].filter((route) => !heardAgents.has(route));
    expect(turnedAway.filter((route) => rows[route]?.allow.includes('agent'))).toEqual([]);
    expect(heardAgents.size).toBeGreaterThan(30);
    expect(await belongings()).toEqual(before);
    // Every route several times over: some 10,000 requests.
  }, 240_000);
});

/** An id of theirs. Their own name for a user may be mine for another. */
function namesTheirs({ user, ...params }: Record<string, string>): boolean {
  const guessed = user === theirs.ids['externalId'] ? params : { user, ...params };
  const own = new Set(Object.values(mine.ids));
  return Object.values(guessed).some(
    (id) => id !== undefined && !own.has(id) && Object.values(theirs.ids).includes(id),
  );
}
