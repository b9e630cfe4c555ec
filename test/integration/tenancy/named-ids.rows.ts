import { until } from '../../support/until.js';
import type { Caller } from './stage.js';
import { offer, words, type House, type Named, type Talk } from './walls.js';

/** How a place of a body is tried: with the app's own id it is done, with another's it is not. */
export interface Attempt {
  /** Which of an app's ids stands there. */
  readonly of: (ids: Named) => string;
  /** The parameters of the path, behind the app's; made anew for each try. */
  readonly at?: (own: House, talk: Talk) => Promise<Params> | Params;
  readonly body: (id: string, own: House, talk: Talk) => object | Promise<object>;
  /** Absent: the app's key. */
  readonly by?: (own: House, talk: Talk) => Caller | Promise<Caller>;
  /** The answer to the app's own id, where it is no 2xx. */
  readonly own?: number;
  /** A list whose answer is 200 and tells of each entry alone: the code that it tells of another's. */
  readonly each?: string;
}

type Params = Readonly<Record<string, string>>;

/** Words of the app's own choosing, under which nothing is looked for. */
export const CHOSEN: Readonly<Record<string, string>> = {
  'POST /v2/apps/:appId/users externalId': 'names a new user',
  'POST /v2/apps/:appId/agents externalId': 'names a new agent',
  'POST /v2/apps/:appId/users brandId': 'refused, whatever it names',
  'POST /v2/apps/:appId/integrations projectId': 'refused, whatever it names',
  'PATCH /v2/apps/:appId/integrations/:integrationId projectId': 'refused, whatever it names',
  'POST /v2/apps/:appId/integrations senderId': 'of a push service outside',
  'PATCH /v2/apps/:appId/integrations/:integrationId senderId': 'of a push service outside',
  'PUT /v2/apps/:appId/sessions/:sessionId/ticket id': 'of a ticket system outside',
  'PUT /v2/apps/:appId/agents/:agentId/work-items/:workItemId/ticket id': 'of a ticket system outside',
  'POST /v2/apps/:appId/conversations/:conversationId/messages content.attachmentId': 'nothing keeps attachments',
  'POST /client/v1/apps/:appId/conversations/:conversationId/messages content.attachmentId':
    'nothing keeps attachments',
  'POST /v2/apps/:appId/conversations/:conversationId/messages content.actions.fallback': 'an address',
  'POST /client/v1/apps/:appId/conversations/:conversationId/messages content.actions.fallback': 'an address',
  'POST /v2/apps/:appId/conversations/:conversationId/messages content.items.actions.fallback': 'an address',
  'POST /client/v1/apps/:appId/conversations/:conversationId/messages content.items.actions.fallback': 'an address',
};

const conversation = (_own: House, { conversationId }: Talk): Params => ({ conversationId });
const session = (_own: House, { sessionId }: Talk): Params => ({ sessionId });
const group = ({ ids }: House): Params => ({ conversationId: ids.group });
const board = ({ ids }: House): Params => ({ switchboardId: ids.switchboard });
const user = (ids: Named): string => ids.user;
const externalId = (ids: Named): string => ids.externalId;
const agent = (ids: Named): string => ids.agent;
const queue = (ids: Named): string => ids.queue;
const link = (ids: Named): string => ids.deskLink;

let serial = 0;
const fresh = (): string => `guess-${++serial}`;

/** A talk that the agent of the app owns. */
async function owned(own: House, talk: Talk): Promise<Params> {
  const { caller, path } = own.tenant;
  await caller.post(`${path}/sessions/${talk.sessionId}/assign`, { agentId: own.ids.agent });
  return { sessionId: talk.sessionId };
}

/** A talk that is offered to an agent of the app. */
const offers = new Map<string, string>();
async function asked(own: House, talk: Talk): Promise<Params> {
  offers.set(own.ids.workItem, await offer(own.tenant, [own.agent, own.colleague], talk));
  return { sessionId: talk.sessionId };
}
/** The item of {@link asked} where the app's own is meant. */
const itemOf = (id: string): object => ({ workItemId: offers.get(id) ?? id });

/** A new link, which can be pointed at anything. */
async function linked(own: House): Promise<Params> {
  const { caller, path } = own.tenant;
  const links = `${path}/switchboards/${own.ids.switchboard}/switchboardIntegrations`;
  const { body } = await caller.get(links);
  for (const one of body.switchboardIntegrations) {
    if (one.name.startsWith('guess')) await caller.delete(`${links}/${one.id}`);
  }
  const made = await caller.post(links, { name: fresh(), integrationType: fresh() });
  return { switchboardId: own.ids.switchboard, id: made.body.switchboardIntegration.id };
}

async function member(own: House): Promise<Params> {
  const { caller, path } = own.tenant;
  const body = { type: 'sdkGroup', participants: [{ userId: own.ids.user, subscribeSDKClient: false }] };
  const { conversation: made } = (await caller.post(`${path}/conversations`, body)).body;
  return { conversationId: made.id };
}

const byUser = async (own: House, { externalId: of }: Talk): Promise<Caller> => own.endUser(of);
const supervisor = (own: House): Caller => own.supervisor.caller;
const owner = (own: House): Caller => own.agent.caller;

const conversations = 'POST /v2/apps/:appId/conversations';
const one = `${conversations}/:conversationId`;
const sessions = 'POST /v2/apps/:appId/sessions';
const links = '/v2/apps/:appId/switchboards/:switchboardId/switchboardIntegrations';

/** By route and place. A body with a new one fails `named-ids.spec.ts` until it is here. */
export const attempts: Readonly<Record<string, readonly Attempt[]>> = {
  [`${conversations} participants.userId`]: [
    { of: user, body: (userId) => ({ type: 'personal', participants: [{ userId }] }) },
    {
      of: user,
      body: (userId, { ids }) => ({
        type: 'sdkGroup',
        participants: [ids.user, userId].map((id) => ({ userId: id, subscribeSDKClient: false })),
      }),
    },
  ],
  [`${conversations} participants.userExternalId`]: [
    { of: externalId, body: (userExternalId) => ({ type: 'personal', participants: [{ userExternalId }] }) },
  ],
  [`${conversations} serviceChannelId`]: [
    {
      of: ({ channel }) => channel,
      body: (serviceChannelId, { ids }) => ({
        type: 'personal',
        participants: [{ userId: ids.user }],
        serviceChannelId,
      }),
    },
  ],
  [`${one}/join userId`]: [{ of: user, at: group, body: (userId) => ({ userId, subscribeSDKClient: false }) }],
  [`${one}/join userExternalId`]: [
    { of: externalId, at: group, body: (userExternalId) => ({ userExternalId, subscribeSDKClient: false }) },
  ],
  [`${one}/leave userId`]: [{ of: user, at: member, body: (userId) => ({ userId }) }],
  [`${one}/leave userExternalId`]: [{ of: externalId, at: member, body: (userExternalId) => ({ userExternalId }) }],
  [`${one}/leave participantId`]: [
    // Of another group, and so nobody here, whosever it is.
    { of: ({ participant }) => participant, at: member, body: (participantId) => ({ participantId }), own: 404 },
  ],
  [`${one}/messages author.userId`]: [
    {
      of: user,
      at: ({ ids }) => ({ conversationId: ids.conversation }),
      body: (userId) => ({ author: { type: 'user', userId }, content: words }),
    },
  ],
  [`${one}/messages author.userExternalId`]: [
    {
      of: externalId,
      at: ({ ids }) => ({ conversationId: ids.conversation }),
      body: (userExternalId) => ({ author: { type: 'user', userExternalId }, content: words }),
    },
  ],
  [`${one}/messages destination.integrationId`]: [
    {
      of: ({ web }) => web,
      at: conversation,
      body: (integrationId) => ({ author: { type: 'business' }, content: words, destination: { integrationId } }),
    },
  ],
  [`${one}/activity author.userId`]: [
    {
      of: user,
      at: ({ ids }) => ({ conversationId: ids.conversation }),
      body: (userId) => ({ author: { type: 'user', userId }, type: 'conversation:read' }),
    },
  ],
  [`${one}/activity author.userExternalId`]: [
    {
      of: externalId,
      at: ({ ids }) => ({ conversationId: ids.conversation }),
      body: (userExternalId) => ({ author: { type: 'user', userExternalId }, type: 'conversation:read' }),
    },
  ],
  [`${one}/passControl switchboardIntegration`]: [
    { of: link, at: conversation, body: (switchboardIntegration) => ({ switchboardIntegration }) },
  ],
  [`${one}/offerControl switchboardIntegration`]: [
    { of: link, at: conversation, body: (switchboardIntegration) => ({ switchboardIntegration }) },
  ],
  [`${one}/offerControl fallback`]: [
    { of: link, at: conversation, body: (id) => ({ switchboardIntegration: 'workspace', fallback: [id] }) },
  ],
  [`${sessions} conversationId`]: [
    {
      of: (ids) => ids.conversation,
      body: async (conversationId, own) => {
        await ended(own);
        return { conversationId, text: 'words' };
      },
    },
  ],
  [`${sessions}/endMany sessionIds`]: [
    { of: (ids) => ids.session, body: (id) => ({ sessionIds: [id] }), each: 'session_not_found' },
    { of: (ids) => ids.session, by: supervisor, body: (id) => ({ sessionIds: [id] }), each: 'session_not_found' },
  ],
  [`${sessions}/:sessionId/accept workItemId`]: [{ of: (ids) => ids.workItem, at: asked, body: itemOf }],
  [`${sessions}/:sessionId/decline workItemId`]: [{ of: (ids) => ids.workItem, at: asked, body: itemOf }],
  [`${sessions}/:sessionId/transfer agentId`]: [
    { of: (ids) => ids.colleague, at: owned, by: owner, body: (agentId) => ({ agentId }) },
    { of: (ids) => ids.colleague, at: owned, by: supervisor, body: (agentId) => ({ agentId }) },
    { of: (ids) => ids.colleague, at: owned, body: (agentId) => ({ agentId }) },
  ],
  [`${sessions}/:sessionId/transfer queueId`]: [
    { of: queue, at: owned, by: owner, body: (queueId) => ({ queueId }) },
    { of: queue, at: owned, body: (queueId) => ({ queueId, skills: [] }) },
  ],
  [`${sessions}/:sessionId/assign agentId`]: [
    { of: agent, at: session, body: (agentId) => ({ agentId }) },
    { of: agent, at: session, by: supervisor, body: (agentId) => ({ agentId }) },
    { of: (ids) => ids.colleague, at: owned, by: supervisor, body: (agentId) => ({ agentId }) },
  ],
  [`${sessions}/:sessionId/observe agentId`]: [
    { of: agent, at: session, body: (agentId) => ({ agentId, present: true }) },
    { of: agent, at: session, body: (agentId) => ({ agentId, present: false }) },
    { of: agent, at: session, by: supervisor, body: (agentId) => ({ agentId, present: true }), own: 400 },
  ],
  'POST /v2/apps/:appId/queues overflow.queueId': [
    { of: queue, body: (queueId) => ({ name: fresh(), overflow: { to: 'queue', queueId } }) },
  ],
  'PATCH /v2/apps/:appId/queues/:queueId overflow.queueId': [
    { of: queue, at: newQueue, body: (queueId) => ({ overflow: { to: 'queue', queueId } }) },
  ],
  'POST /v2/apps/:appId/serviceChannels queueId': [
    { of: queue, body: (queueId) => ({ name: fresh(), kind: 'in_app', queueId }) },
  ],
  'PATCH /v2/apps/:appId/serviceChannels/:channelId queueId': [
    { of: queue, at: ({ ids }) => ({ channelId: ids.channel }), body: (queueId) => ({ queueId }) },
  ],
  'PATCH /v2/apps/:appId/switchboards/:switchboardId defaultSwitchboardIntegrationId': [
    { of: ({ botLink }) => botLink, at: board, body: (id) => ({ defaultSwitchboardIntegrationId: id }) },
  ],
  [`POST ${links} integrationId`]: [
    {
      of: ({ integration }) => integration,
      at: board,
      body: (integrationId) => ({ name: fresh(), integrationId }),
    },
  ],
  [`POST ${links} nextSwitchboardIntegrationId`]: [
    {
      of: link,
      at: board,
      body: (id) => ({
        name: fresh(),
        integrationType: fresh(),
        nextSwitchboardIntegrationId: id,
      }),
    },
  ],
  [`PATCH ${links}/:id integrationId`]: [
    { of: ({ web }) => web, at: linked, body: (integrationId) => ({ integrationId }) },
  ],
  [`PATCH ${links}/:id nextSwitchboardIntegrationId`]: [
    { of: link, at: linked, body: (id) => ({ nextSwitchboardIntegrationId: id }) },
  ],
  'PATCH /v2/apps/:appId/integrations/:integrationId defaultResponderId': [
    { of: link, at: ({ ids }) => ({ integrationId: ids.web }), body: (id) => ({ defaultResponderId: id }) },
  ],
  'POST /v2/apps/:appId/webhooks/:webhookId/deadLetters/:deadLetterId/resend webhookId': [
    { of: ({ webhook }) => webhook, at: buried, body: (webhookId) => ({ webhookId }) },
  ],
  'POST /v2/apps/:appId/integrations defaultResponderId': [
    { of: link, body: (id) => ({ type: 'ios', defaultResponderId: id }) },
  ],
  'POST /v2/apps/:appId/linkRequests/confirm channelId': [
    {
      of: ({ channel }) => channel,
      body: async (channelId, own, talk) => {
        const { caller, id } = { caller: await own.endUser(talk.externalId), id: own.tenant.id };
        const asking = await caller.post(`/client/v1/apps/${id}/linkRequests`, { channelId: own.ids.channel });
        return { channelId, code: asking.body.linkRequest.code };
      },
    },
  ],
  'POST /client/v1/apps/:appId/linkRequests channelId': [
    { of: ({ channel }) => channel, by: byUser, body: (channelId) => ({ channelId }) },
  ],
  'POST /client/v1/apps/:appId/conversations/:conversationId/messages content.fields.quotedMessageId': [
    {
      // Their own conversation's, but no survey's form: found, and refused for that.
      of: ({ message }) => message,
      at: conversation,
      by: byUser,
      body: (id, own, talk) => ({
        content: {
          type: 'formResponse',
          fields: [
            {
              type: 'select',
              name: 'score',
              select: [{ name: '5' }],
              quotedMessageId: id === own.ids.message ? talk.messageId : id,
            },
          ],
        },
      }),
      own: 400,
    },
  ],
};

async function newQueue({ tenant }: House): Promise<Params> {
  const { body } = await tenant.caller.post(`${tenant.path}/queues`, { name: fresh() });
  return { queueId: body.queue.id };
}

/** What the webhook was told of the talk, and refused. */
async function buried({ tenant, ids }: House, { conversationId, userId }: Talk): Promise<Params> {
  const { caller, path } = tenant;
  const hook = `${path}/integrations/${ids.integration}/webhooks/${ids.webhook}`;
  await caller.patch(hook, { triggers: ['conversation:message'] });
  const author = { type: 'user', userId };
  await caller.post(`${path}/conversations/${conversationId}/messages`, { author, content: words });
  await caller.patch(hook, { triggers: ['user:update'] });
  const find = async (): Promise<string | undefined> => {
    const { body } = await caller.get(`${path}/webhooks/${ids.webhook}/deadLetters?page[size]=100`);
    return body.deadLetters.find((letter: { conversationId: string }) => letter.conversationId === conversationId)?.id;
  };
  const deadLetterId = await until(find, { timeoutMs: 30_000, what: 'a dead letter of the talk' });
  return { webhookId: ids.webhook, deadLetterId };
}

/** What lives in the conversation where the business begins is over. */
async function ended({ tenant, ids }: House): Promise<void> {
  const { caller, path } = tenant;
  const { sessions: live } = (await caller.get(`${path}/sessions?filter[userId]=${ids.user}`)).body;
  for (const { id, conversationId } of live) {
    if (conversationId === ids.conversation) await caller.post(`${path}/sessions/${id}/end`, {});
  }
}
