import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Db } from '../../../src/platform/postgres/index.js';
import { userToken } from '../../support/furnished.js';
import { hire } from '../../support/hired.js';
import { until } from '../../support/until.js';
import { made, openStage, refusal, type Caller, type Json, type Stage, type Tenant } from '../tenancy/stage.js';
import { unbound } from '../../support/unbound.js';

let stage: Stage;
let tenant: Tenant;
let path: string;
beforeAll(async () => {
  stage = await openStage();
  tenant = await stage.tenant();
  path = `${tenant.path}/agents`;
});
afterAll(() => stage?.close());

const create = async (body: object = {}): Promise<Json> =>
  made(await tenant.caller.post(path, { displayName: 'Ada', ...body })).agent;

const tokenOf = async (claims: object): Promise<Caller> =>
  stage.as(`Bearer ${await userToken(tenant.key, { scope: 'agent', ...claims })}`);

describe('agents over HTTP', () => {
  it('are made, found by either id, changed in parts and listed', async () => {
    const ada = await create({
      externalId: 'ada',
      skills: ['fr'],
      limits: { primary: 3 },
      permissions: { endAny: true },
    });
    expect(ada).toMatchObject({
      externalId: 'ada',
      role: 'agent',
      active: true,
      skills: ['fr'],
      permissions: { chat: true, chatRep: true, messagingAgent: true, endAny: true },
      limits: { primary: 3, interruptible: null, buckets: null },
      presence: { status: 'offline', loggedIn: false },
      capacity: { primary: { used: 0, limit: 3 } },
    });
    expect((await tenant.caller.get(`${path}/ada`)).body.agent).toEqual(ada);
    expect((await tenant.caller.get(`${path}/${ada.id}`)).body.agent).toEqual(ada);

    const patch = { teams: ['night'], limits: { buckets: { messaging: 2 } }, permissions: { endAny: false } };
    const { agent: changed } = (await tenant.caller.patch(`${path}/ada`, patch)).body;
    expect(changed).toEqual({
      ...ada,
      teams: ['night'],
      permissions: { ...ada.permissions, endAny: false },
      limits: { primary: 3, interruptible: null, buckets: { messaging: 2 } },
      capacity: {
        primary: { used: 0, limit: 3 },
        interruptible: null,
        buckets: { messaging: { used: 0, limit: 2 } },
      },
    });
    const listed = async (query: string): Promise<string[]> =>
      (await tenant.caller.get(`${path}?${query}`)).body.agents.map(({ id }: Json) => id);
    expect(await listed('filter[team]=night')).toEqual([ada.id]);
    expect(await listed('filter[skill]=fr&filter[status]=offline&filter[role]=agent')).toEqual([ada.id]);
    expect(await listed('filter[team]=day')).toEqual([]);
    expect(refusal(await tenant.caller.get(`${path}?filter[status]=asleep`))[0]).toBe(400);
  });

  it('page like every list', async () => {
    const own = await stage.tenant();
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      ids.push(made(await own.caller.post(`${own.path}/agents`, { displayName: `a${i}` })).agent.id);
    }
    const first = (await own.caller.get(`${own.path}/agents?page[size]=3`)).body;
    const rest = (await own.caller.get(`${own.path}/agents?page[size]=3&page[after]=${first.meta.afterCursor}`)).body;
    expect([...first.agents, ...rest.agents].map(({ id }: Json) => id)).toEqual(ids.sort());
    expect([first.meta.hasMore, rest.meta.hasMore]).toEqual([true, false]);
  });

  it('are made once per key, and an external id is one agent', async () => {
    const headers = { 'idempotency-key': 'one' };
    const twice = [await tenant.caller.post(path, { displayName: 'Bo', externalId: 'bo' }, headers)];
    twice.push(await tenant.caller.post(path, { displayName: 'Bo', externalId: 'bo' }, headers));
    expect(made(twice[1]!).agent).toEqual(made(twice[0]!).agent);
    expect(refusal(await tenant.caller.post(path, { displayName: 'B', externalId: 'bo' })).slice(0, 2)).toEqual([
      409,
      'conflict',
    ]);
  });

  it('refuse what cannot be meant', async () => {
    const bad: object[] = [
      {},
      { displayName: '' },
      { displayName: 'x', role: 'king' },
      { displayName: 'x', limits: { primary: -1 } },
      { displayName: 'x', limits: { buckets: { email: 0.5 } } },
      { displayName: 'x', teams: [''] },
      { displayName: 'x', permissions: { endAny: 'yes' } },
      { displayName: 'x', limits: { interruptible: '3' } },
    ];
    for (const body of bad) expect([body, (await tenant.caller.post(path, body)).status]).toEqual([body, 400]);
  });

  it('log every change of who they are', async () => {
    const { id } = await create();
    await tenant.caller.patch(`${path}/${id}`, { role: 'supervisor' });
    const { entries } = (await tenant.caller.get(`${tenant.path}/audit?filter[subject]=${id}`)).body;
    expect(entries.map(({ action }: Json) => action)).toEqual(['agent.create', 'agent.update']);
    expect(entries[1]).toMatchObject({ before: { role: 'agent' }, after: { role: 'supervisor' } });
  });
});

describe('the presence of an agent over HTTP', () => {
  it('is their own to set, as `me` or by any of their ids', async () => {
    const { id } = await create({ externalId: 'cy' });
    const cy = await tokenOf({ agent_id: id });
    for (const name of ['me', 'cy', id]) {
      const { status, body } = await cy.post(`${path}/${name}/login`, { connection: 'laptop' });
      expect([name, status, body.presence.status]).toEqual([name, 200, 'online']);
    }
    const { presence } = (await cy.send('PUT', `${path}/me/presence`, { status: 'busy' })).body;
    expect(presence).toMatchObject({ status: 'busy', loggedIn: true });
    expect((await cy.get(`${path}/me/capacity`)).body).toMatchObject({
      capacity: { primary: { used: 0 } },
      openItems: 0,
    });
    expect((await cy.post(`${path}/me/logout`, {})).body.presence).toMatchObject({
      status: 'offline',
      loggedIn: false,
    });
    expect(refusal(await cy.send('PUT', `${path}/me/presence`, { status: 'busy' })).slice(0, 2)).toEqual([
      409,
      'not_logged_in',
    ]);
  });

  it('reaches the stream, every event of the agent', async () => {
    const { id } = await create();
    const agent = await tokenOf({ agent_id: id });
    for (const status of ['online', 'away', 'busy'])
      await agent.post(`${path}/me/login`, { connection: status, status });
    const { agentSeq } = (await agent.post(`${path}/me/logout`, {})).body;
    // Each login takes over from the one before: offline, and there again.
    expect(agentSeq).toBe(6);
    const kysely = unbound(stage.started.app.get(Db));
    const published = kysely.selectFrom('outbox').select('seq').where('conversation_id', '=', id);
    const acknowledged = published.where('stream_seq', 'is not', null).orderBy('stream_seq');
    const seqs = async () => (await acknowledged.execute()).map(({ seq }) => Number(seq));
    await until(async () => (await seqs()).length === agentSeq, { what: 'the acknowledgements of the stream' });
    expect(await seqs()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("is no colleague's, but a supervisor's", async () => {
    const [one, other] = [await hire(stage, tenant, 'agent'), await hire(stage, tenant, 'agent')];
    const boss = await hire(stage, tenant, 'supervisor');
    for (const name of [other.id, other.externalId, '0'.repeat(24), 'nobody']) {
      expect([name, (await one.caller.post(`${path}/${name}/login`, {})).status]).toEqual([name, 403]);
      expect([name, (await one.caller.get(`${path}/${name}/work-items`)).status]).toEqual([name, 403]);
    }
    await other.caller.post(`${path}/me/login`, {});
    const put = await boss.caller.send('PUT', `${path}/${other.id}/presence`, { status: 'offline' });
    expect(put.body.presence).toMatchObject({ status: 'offline', loggedIn: true });
    expect((await boss.caller.get(`${path}/nobody`)).status).toBe(404);
  });

  it('is for supervisors to change in their own teams only, for it moves and ends sessions; all of them look on', async () => {
    const one = await hire(stage, tenant, 'agent', 'one', ['red']);
    const [red, blue, any, admin] = await Promise.all([
      hire(stage, tenant, 'supervisor', 'red', ['red']),
      hire(stage, tenant, 'supervisor', 'blue', ['blue']),
      hire(stage, tenant, 'supervisor', 'any'),
      hire(stage, tenant, 'admin', 'admin', ['blue']),
    ]);
    await one.caller.post(`${path}/me/login`, {});
    for (const [call, body] of [
      ['PUT presence', { status: 'away' }],
      ['GET work-items', undefined],
      ['POST logout', {}],
    ] as const) {
      const [method = '', what = ''] = call.split(' ');
      const ask = async ({ caller }: { caller: Caller }) =>
        (await caller.send(method, `${path}/${one.id}/${what}`, body)).status;
      expect([call, await ask(blue)]).toEqual([call, 403]);
      expect([call, await Promise.all([red, any, admin].map(ask))]).toEqual([call, [200, 200, 200]]);
      await one.caller.post(`${path}/me/login`, {});
    }
    for (const boss of [red, blue, any]) {
      expect((await boss.caller.get(`${path}/${one.id}`)).status).toBe(200);
      expect((await boss.caller.get(`${path}/${one.id}/capacity`)).status).toBe(200);
    }
  });

  it('M-11 lasts while heartbeats come, and waits out a grace when they stop', async () => {
    const { id } = await create();
    const agent = await tokenOf({ agent_id: id });
    const beat = (body: object) => agent.post(`${path}/me/heartbeat`, { connection: 'laptop', ...body });
    await agent.post(`${path}/me/login`, { connection: 'laptop' });
    expect((await beat({})).body.presence).toMatchObject({ status: 'online', graceUntil: null });
    expect(refusal(await beat({ connection: 'phone' })).slice(0, 2)).toEqual([409, 'connection_replaced']);

    // Half a minute without a heartbeat, as the database tells it.
    const silence = async (): Promise<void> => {
      const kysely = unbound(stage.started.app.get(Db));
      await kysely
        .updateTable('agent_timer')
        .set({ due_at: new Date(0) })
        .where('agent_id', '=', id)
        .execute();
    };
    const presence = async (): Promise<Json> => (await agent.get(`${path}/me`)).body.agent.presence;
    await silence();
    await until(async () => (await presence()).graceUntil !== null, { what: 'the grace of a silent desk' });
    expect((await presence()).status).toBe('online');
    expect((await beat({})).body.presence).toMatchObject({ status: 'online', graceUntil: null });

    expect((await beat({ lost: true })).body.presence.graceUntil).not.toBeNull();
    expect((await beat({})).body.presence.graceUntil).toBeNull();
  });

  it('M-11 waits as long as the app says', async () => {
    const own = await stage.tenant();
    const set = (agentDisconnectGraceSeconds: number) =>
      own.caller.patch(own.path, { settings: { agentDisconnectGraceSeconds } });
    const { agent } = made(await own.caller.post(`${own.path}/agents`, { displayName: 'Di' }));
    const grace = async (): Promise<number> => {
      await own.caller.post(`${own.path}/agents/${agent.id}/login`, {});
      const before = Date.now();
      const lost = await own.caller.post(`${own.path}/agents/${agent.id}/heartbeat`, { lost: true });
      await own.caller.post(`${own.path}/agents/${agent.id}/heartbeat`, {});
      return Math.round((Date.parse(lost.body.presence.graceUntil) - before) / 10_000) * 10;
    };
    expect(await grace()).toBe(60);
    expect((await set(3600)).status).toBe(200);
    expect(await grace()).toBe(3600);
    expect([(await set(-1)).status, (await set(86_401)).status]).toEqual([400, 400]);
  });

  it('M-11 ends with the grace, and with it the heartbeat is no login', async () => {
    const { id } = await create();
    const agent = await tokenOf({ agent_id: id });
    await agent.post(`${path}/me/login`, {});
    await agent.post(`${path}/me/heartbeat`, { lost: true });
    const kysely = unbound(stage.started.app.get(Db));
    // The grace ends a minute ago, for the agent and its timer alike.
    const past = Date.now() - 60_000;
    await kysely
      .updateTable('agent')
      .set({
        presence: JSON.stringify({ status: 'online', loggedIn: true, since: 0, graceUntil: past, connection: 'desk' }),
      })
      .where('id', '=', id)
      .execute();
    await kysely
      .updateTable('agent_timer')
      .set({ due_at: new Date(past) })
      .where('agent_id', '=', id)
      .execute();
    const status = async (): Promise<string> => (await agent.get(`${path}/me`)).body.agent.presence.status;
    await until(async () => (await status()) === 'offline', { what: 'an agent who is gone' });
    expect((await agent.post(`${path}/me/heartbeat`, {})).body.presence.status).toBe('offline');
    expect((await agent.post(`${path}/me/login`, {})).body.presence.status).toBe('online');
  });

  it('ends when they are let go, and so do their tokens', async () => {
    const { id } = await create();
    const agent = await tokenOf({ agent_id: id });
    await agent.post(`${path}/me/login`, {});
    expect((await tenant.caller.delete(`${path}/${id}`)).status).toBe(200);
    expect((await tenant.caller.get(`${path}/${id}`)).body.agent).toMatchObject({
      active: false,
      presence: { status: 'offline', loggedIn: false },
    });
    expect((await agent.get(`${path}/me`)).status).toBe(401);
    expect(refusal(await tenant.caller.post(`${path}/${id}/login`, {})).slice(0, 2)).toEqual([403, 'agent_inactive']);
  });
});
