import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { Dispatcher } from '../../../src/routing/dispatch/dispatcher.js';
import { userToken } from '../../support/furnished.js';
import { until } from '../../support/until.js';
import { basic, made, openStage, type Caller, type Json, type Stage, type Tenant } from '../tenancy/stage.js';

let stage: Stage;
let tenant: Tenant;
let queueId: string;

/** The whole server, in which the dispatcher never sweeps: it lives on what it hears. */
beforeAll(async () => {
  const sweepless = {
    prepare: (app: INestApplication) => void jest.spyOn(app.get(Dispatcher), 'sweep').mockResolvedValue(undefined),
  };
  stage = await openStage(sweepless);
  tenant = await stage.tenant({ multiConvoEnabled: true });
  const { path, caller } = tenant;
  queueId = made(await caller.post(`${path}/queues`, { name: 'support', waitSeconds: 600 })).queue.id;
  const { switchboard } = made(await caller.post(`${path}/switchboards`));
  const links = `${path}/switchboards/${switchboard.id}/switchboardIntegrations`;
  const workspace = { name: 'desk', integrationType: 'zd:agentWorkspace' };
  const { id } = made(await caller.post(links, workspace)).switchboardIntegration;
  const enabled = { enabled: true, defaultSwitchboardIntegrationId: id };
  expect((await caller.patch(`${path}/switchboards/${switchboard.id}`, enabled)).status).toBe(200);
});
afterAll(() => stage.close());

interface Hand {
  readonly id: string;
  readonly caller: Caller;
}

const hire = async (displayName: string, primary: number): Promise<Hand> => {
  const { agent } = made(await tenant.caller.post(`${tenant.path}/agents`, { displayName, limits: { primary } }));
  const { key } = made(await tenant.caller.post(`${tenant.path}/agents/${agent.id}/keys`, { displayName }));
  return { id: agent.id, caller: stage.as(basic(key)) };
};
const login = async ({ id, caller }: Hand): Promise<void> => {
  const { status } = await caller.post(`${tenant.path}/agents/${id}/login`, { connection: 'desk' });
  expect(status).toBe(200);
};
const waiting = async (name: string): Promise<string> => {
  const token = await userToken(tenant.key, { scope: 'user', external_id: name });
  const visitor = stage.as(`Bearer ${token}`);
  const client = `/client/v1/apps/${tenant.id}/conversations`;
  const { conversation } = made(await visitor.post(client, {}));
  made(await visitor.post(`${client}/${conversation.id}/messages`, { content: { type: 'text', text: 'hello' } }));
  const { sessions } = (await tenant.caller.get(`${tenant.path}/sessions?filter[status]=WAITING`)).body;
  return sessions.find((one: Json) => one.conversationId === conversation.id).id;
};
const read = async (id: string): Promise<Json> =>
  (await tenant.caller.get(`${tenant.path}/sessions/${id}`)).body.session;
const offerOf = (id: string, to: Hand): Promise<string> =>
  until(
    async () => {
      const { waiting: place } = await read(id);
      return place?.offer?.agentId === to.id ? (place.offer.workItemId as string) : null;
    },
    { what: 'an offer' },
  );

describe('over HTTP, without any sweep', () => {
  it('T6 T11 L-5 a session is offered when somebody logs in, taken, and the next one when a tab is closed', async () => {
    const mia = await hire('Mia', 1);
    const first = await waiting('anna');
    const second = await waiting('bert');
    expect(await read(first)).toMatchObject({ status: 'WAITING', queueId });
    const queues = `${tenant.path}/routing/waiting`;
    expect((await tenant.caller.get(queues)).body.queues).toMatchObject([{ id: queueId, waiting: 2, offered: 0 }]);

    const stays = await tenant.caller.delete(`${tenant.path}/queues/${queueId}`);
    expect([stays.status, stays.body.errors[0].title]).toEqual([409, expect.stringContaining('wait')]);

    await login(mia);
    const workItemId = await offerOf(first, mia);
    const session = `${tenant.path}/sessions/${first}`;
    expect((await mia.caller.post(`${session}/accept`, { workItemId })).body.session).toMatchObject({
      status: 'ACTIVE',
      agentId: mia.id,
    });
    expect((await mia.caller.get(`${session}/actions`)).body.actions).toContainEqual({
      name: 'inactivate',
      label: 'Customer Inactive',
      menu: 'end',
    });
    expect((await mia.caller.post(`${session}/end`, {})).status).toBe(200);
    expect((await read(second)).waiting.offer).toBeUndefined();
    const tab = `${tenant.path}/agents/${mia.id}/work-items/${workItemId}/close`;
    expect((await mia.caller.post(tab, {})).status).toBe(200);
    await offerOf(second, mia);
  });

  it('T12 a no is heard at once, and the next agent asked', async () => {
    const [ben, eve] = [await hire('Ben', 9), await hire('Eve', 5)];
    await login(ben);
    await login(eve);
    const id = await waiting('carl');
    const workItemId = await offerOf(id, ben);
    const declined = await ben.caller.post(`${tenant.path}/sessions/${id}/decline`, { workItemId });
    expect(declined.status).toBe(200);
    await offerOf(id, eve);
  });
});
