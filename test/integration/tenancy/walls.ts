import { hire, type Hired } from '../../support/hired.js';
import { until } from '../../support/until.js';
import { userToken } from '../../support/furnished.js';
import { made, type Caller, type Json, type Stage, type Tenant } from './stage.js';

/** An app with everything that a body can name. */
export interface House {
  readonly tenant: Tenant;
  readonly ids: Named;
  /** Online, with room. */
  readonly agent: Hired;
  readonly colleague: Hired;
  readonly supervisor: Hired;
  /** A new end user and their conversation, which a bot holds. */
  talk(): Promise<Talk>;
  /** An end user's token. */
  endUser(externalId: string): Promise<Caller>;
}

export interface Named {
  readonly agent: string;
  readonly colleague: string;
  readonly queue: string;
  readonly channel: string;
  /** Linked by nobody. */
  readonly integration: string;
  /** Its webhook, which refuses what it is told. */
  readonly webhook: string;
  readonly web: string;
  readonly switchboard: string;
  readonly botLink: string;
  readonly deskLink: string;
  readonly user: string;
  readonly externalId: string;
  /** A group's. */
  readonly group: string;
  readonly participant: string;
  /** On a channel where the business begins. */
  readonly conversation: string;
  readonly session: string;
  readonly message: string;
  /** Offered to an agent. */
  readonly workItem: string;
}

export interface Talk {
  readonly userId: string;
  readonly externalId: string;
  readonly conversationId: string;
  readonly sessionId: string;
  readonly messageId: string;
}

const settings = { multiConvoEnabled: true, agentsCanEnd: true, endSessionEnabled: false, controlErrors: 'strict' };

export async function openHouse(stage: Stage, name: string): Promise<House> {
  const tenant = await stage.tenant(settings);
  const { caller, path } = tenant;
  const make = async (at: string, body?: object): Promise<Json> => made(await caller.post(`${path}/${at}`, body));
  const { switchboard } = await make('switchboards');
  const links = `switchboards/${switchboard.id}/switchboardIntegrations`;
  const link = async (body: object): Promise<string> =>
    (await make(links, { holderDeadlineSeconds: null, ...body })).switchboardIntegration.id;
  const botLink = await link({ name: `bot-${name}`, integrationId: (await tenant.bot()).id });
  const deskLink = await link({ name: `desk-${name}`, integrationId: (await tenant.bot()).id });
  await link({ name: 'workspace', integrationType: 'zd:agentWorkspace' });
  await caller.patch(`${path}/switchboards/${switchboard.id}`, {
    enabled: true,
    defaultSwitchboardIntegrationId: botLink,
  });
  const { integration: web } = await make('integrations', { type: 'web' });
  const unlinked = await tenant.bot();
  // Where nothing is served: 404, so that everything is buried at once.
  await caller.patch(`${path}/integrations/${unlinked.id}/webhooks/${unlinked.webhook.id}`, {
    target: `${stage.started.url}/nowhere`,
    triggers: ['user:update'],
  });
  const { queue } = await make('queues', { name });
  const { serviceChannel } = await make('serviceChannels', { name, kind: 'whatsapp' });
  const people = {
    agent: await hire(stage, tenant, 'agent'),
    colleague: await hire(stage, tenant, 'agent'),
    supervisor: await hire(stage, tenant, 'supervisor'),
  };
  const room = { limits: { primary: 100 } };
  for (const { id } of Object.values(people)) await caller.patch(`${path}/agents/${id}`, room);
  let serial = 0;
  const talk = async (): Promise<Talk> => {
    const externalId = `${name}-${++serial}`;
    const { user } = await make('users', { externalId });
    const { conversation } = await make('conversations', { type: 'personal', participants: [{ userId: user.id }] });
    const author = { type: 'user', userId: user.id };
    const said = await make(`conversations/${conversation.id}/messages`, { author, content: words });
    const { sessions } = (await caller.get(`${path}/sessions?filter[userId]=${user.id}`)).body;
    const messageId = said.messages[0].id;
    return { userId: user.id, externalId, conversationId: conversation.id, sessionId: sessions[0].id, messageId };
  };
  const endUser = async (externalId: string): Promise<Caller> =>
    stage.as(`Bearer ${await userToken(tenant.key, { scope: 'user', external_id: externalId })}`);
  const offered = await talk();
  await people.agent.caller.post(`${path}/agents/me/login`, {});
  const workItem = await offer(tenant, [people.agent], offered);
  await people.colleague.caller.post(`${path}/agents/me/login`, {});
  const known = await talk();
  const { conversation: group } = await make('conversations', {
    type: 'sdkGroup',
    participants: [{ userId: known.userId, subscribeSDKClient: false }],
  });
  const { participants } = (await caller.get(`${path}/conversations/${group.id}/participants`)).body;
  const { conversation } = await make('conversations', {
    type: 'personal',
    participants: [{ userId: known.userId }],
    serviceChannelId: serviceChannel.id,
  });
  return {
    tenant,
    ...people,
    talk,
    endUser,
    ids: {
      agent: people.agent.id,
      colleague: people.colleague.id,
      queue: queue.id,
      channel: serviceChannel.id,
      integration: unlinked.id,
      webhook: unlinked.webhook.id,
      web: web.id,
      switchboard: switchboard.id,
      botLink,
      deskLink,
      user: known.userId,
      externalId: known.externalId,
      group: group.id,
      participant: participants[0].id,
      conversation: conversation.id,
      session: known.sessionId,
      message: known.messageId,
      workItem,
    },
  };
}

export const words = { type: 'text', text: 'words' };

/** Passes the talk to the workspace and waits until it is offered: the id of the work item. */
export async function offer({ caller, path }: Tenant, agents: readonly Hired[], talk: Talk): Promise<string> {
  const pass = `${path}/conversations/${talk.conversationId}/passControl`;
  const passed = await caller.post(pass, { switchboardIntegration: 'workspace' });
  if (passed.status !== 200) throw new Error(`not passed: ${JSON.stringify(passed)}`);
  const look = async (): Promise<string | undefined> => {
    const of = ({ id }: Hired) => caller.get(`${path}/agents/${id}/work-items?filter[sessionId]=${talk.sessionId}`);
    const items = await Promise.all(agents.map(of));
    return items.flatMap(({ body }) => body.workItems)[0]?.id;
  };
  return until(look, { timeoutMs: 30_000, what: 'the session to be offered' });
}
