import type { Role } from '../../../src/kernel/index.js';
import type { Grant } from '../../../src/tenancy/index.js';
import type { Ids } from '../../support/furnished.js';

export type Scope = 'account' | 'app' | 'integration' | 'user' | 'agent';

/** Who may call a route, and what they are answered when they send `body` about things that exist. */
export interface Row {
  readonly allow: readonly Scope[];
  /** Of `agent` only these; absent: all. */
  readonly roles?: readonly Role[];
  /** What an app's key needs that is not whole; absent: only whole keys may. */
  readonly grant?: Exclude<Grant, 'full'>;
  readonly status: number;
  /** Where it names something, it is made of the ids of the app. */
  readonly body?: object | ((ids: Ids) => object);
  /** The answer to an integration that holds control, where it is not `status`. */
  readonly holder?: number;
  /** The answer to an agent, where it is not `status`: what the core decides about them. */
  readonly agent?: number;
  /**
   * The answer to an agent who is neither supervisor nor admin and has nothing to do with the conversation, where it is
   * not that (`test/integration/reading` asks those who have).
   */
  readonly stranger?: number;
  /** The answer to the app's other integration, or its other user, where it is not that. */
  readonly peer?: number;
  /** What is done cannot be done again: everybody who may gets an app of their own. */
  readonly once?: true;
}

const account = ['account'] as const;
const owners = ['account', 'app'] as const;
const keys = ['account', 'app', 'integration'] as const;
const hooks = ['app', 'integration'] as const;
const users = ['user'] as const;
/** Owners, and agents who administer. */
const admins = { allow: ['account', 'app', 'agent'], roles: ['admin'] } as const;
const everybody = ['account', 'app', 'integration', 'agent'] as const;
const desk = ['account', 'app', 'agent'] as const;
/** Whoever manages agents, and agents for themselves. */
const manager = { allow: desk, grant: 'agents' } as const;
const nothingToDo = { allow: desk, grant: 'sessions', status: 409 } as const;
/** What agents read by the policy of `src/reading`. */
const read = { allow: everybody, status: 200, stranger: 404 } as const;
const text = { type: 'text', text: 'words' };
const hook = { target: 'http://127.0.0.1:9/', triggers: ['user:update'] };

/** Whoever may call for an app is told that an operation of the wire is missing (`src/wire`). */
export const MISSING: Row = { allow: keys, status: 501 };

/** The whole matrix (S1 of `docs/invariants.md`, `docs/wire.md` 2). A served route without a row fails this file. */
export const rows: Readonly<Record<string, Row>> = {
  'GET /v2/apps': { allow: account, status: 200 },
  'POST /v2/apps': { allow: account, status: 201, body: { displayName: 'x' } },
  'GET /v2/apps/:appId': { ...admins, status: 200 },
  'PATCH /v2/apps/:appId': { ...admins, status: 200, body: { metadata: { seen: true } } },
  'DELETE /v2/apps/:appId': { allow: account, status: 200, once: true },
  'GET /v2/apps/:appId/removals': { allow: owners, status: 200 },
  // There is none.
  'GET /v2/apps/:appId/removals/:removalId': { allow: owners, status: 404 },
  'GET /v2/removals': { allow: account, status: 200 },
  'GET /v2/removals/:removalId': { allow: account, status: 404 },
  'GET /v2/apps/:appId/keys': { allow: account, status: 200 },
  'POST /v2/apps/:appId/keys': { allow: account, status: 201, body: { displayName: 'x' } },
  'GET /v2/apps/:appId/keys/:keyId': { allow: account, status: 200 },
  'DELETE /v2/apps/:appId/keys/:keyId': { allow: account, status: 200, once: true },

  'GET /v2/apps/:appId/audit': { ...admins, grant: 'audit:read', status: 200 },
  'GET /v2/apps/:appId/audit/export': { ...admins, grant: 'audit:read', status: 200 },
  'GET /v2/apps/:appId/audit/verify': { ...admins, grant: 'audit:read', status: 200 },
  'GET /v2/apps/:appId/agents/:agentId/keys': { ...admins, grant: 'agents', status: 200 },
  'POST /v2/apps/:appId/agents/:agentId/keys': { ...admins, grant: 'agents', status: 201, body: { displayName: 'x' } },
  'GET /v2/apps/:appId/agents/:agentId/keys/:keyId': { ...admins, grant: 'agents', status: 200 },
  'DELETE /v2/apps/:appId/agents/:agentId/keys/:keyId': { ...admins, grant: 'agents', status: 200, once: true },

  'GET /v2/apps/:appId/agents': { ...manager, roles: ['supervisor', 'admin'], status: 200 },
  'POST /v2/apps/:appId/agents': { ...manager, roles: ['admin'], status: 201, body: { displayName: 'x' } },
  'GET /v2/apps/:appId/agents/:agentId': { ...manager, status: 200 },
  'PATCH /v2/apps/:appId/agents/:agentId': { ...manager, roles: ['admin'], status: 200, body: { displayName: 'x' } },
  'DELETE /v2/apps/:appId/agents/:agentId': { ...manager, roles: ['admin'], status: 200, once: true },
  'POST /v2/apps/:appId/agents/:agentId/login': { ...manager, status: 200, body: {} },
  'POST /v2/apps/:appId/agents/:agentId/logout': { ...manager, status: 200, body: {} },
  // Logged out by the line above.
  'POST /v2/apps/:appId/agents/:agentId/heartbeat': { ...manager, status: 409, body: {} },
  'PUT /v2/apps/:appId/agents/:agentId/presence': { ...manager, status: 409, body: { status: 'busy' } },
  'GET /v2/apps/:appId/agents/:agentId/capacity': { ...manager, status: 200 },
  'GET /v2/apps/:appId/agents/:agentId/work-items': { ...manager, status: 200 },
  // They have no work.
  'GET /v2/apps/:appId/agents/:agentId/work-items/:workItemId': { ...manager, status: 404 },
  'POST /v2/apps/:appId/agents/:agentId/work-items/:workItemId/close': { ...manager, status: 404, body: {} },
  'POST /v2/apps/:appId/agents/:agentId/work-items/:workItemId/after-work/extend': { ...manager, status: 404 },
  'POST /v2/apps/:appId/agents/:agentId/work-items/:workItemId/after-work/done': { ...manager, status: 404 },
  'PUT /v2/apps/:appId/agents/:agentId/work-items/:workItemId/notes': {
    ...manager,
    status: 404,
    body: { text: 'words' },
  },
  'PUT /v2/apps/:appId/agents/:agentId/work-items/:workItemId/ticket': {
    ...manager,
    status: 404,
    body: { id: 'T-1', status: 'open' },
  },

  'GET /v2/apps/:appId/integrations': { allow: owners, status: 200 },
  'POST /v2/apps/:appId/integrations': { allow: owners, status: 201, body: { type: 'web' } },
  'GET /v2/apps/:appId/integrations/:integrationId': { allow: owners, status: 200 },
  'PATCH /v2/apps/:appId/integrations/:integrationId': { allow: owners, status: 200, body: { displayName: 'x' } },
  // It is the default of the switchboard.
  'DELETE /v2/apps/:appId/integrations/:integrationId': { allow: owners, status: 400 },
  'GET /v2/apps/:appId/integrations/:integrationId/keys': { allow: owners, status: 200 },
  'POST /v2/apps/:appId/integrations/:integrationId/keys': { allow: owners, status: 201, body: { displayName: 'x' } },
  'GET /v2/apps/:appId/integrations/:integrationId/keys/:keyId': { allow: owners, status: 200 },
  'DELETE /v2/apps/:appId/integrations/:integrationId/keys/:keyId': { allow: owners, status: 200, once: true },
  'GET /v2/apps/:appId/integrations/:integrationId/webhooks': { allow: hooks, status: 200, peer: 403 },
  // A custom integration has one webhook at most.
  'POST /v2/apps/:appId/integrations/:integrationId/webhooks': { allow: hooks, status: 400, body: hook, peer: 403 },
  'GET /v2/apps/:appId/integrations/:integrationId/webhooks/:webhookId': { allow: hooks, status: 200, peer: 403 },
  'PATCH /v2/apps/:appId/integrations/:integrationId/webhooks/:webhookId': {
    allow: hooks,
    status: 200,
    body: { includeFullUser: true },
    peer: 403,
  },
  'POST /v2/apps/:appId/integrations/:integrationId/webhooks/:webhookId/rotateSecret': {
    allow: hooks,
    status: 200,
    body: { overlapSeconds: 0 },
    peer: 403,
  },
  'DELETE /v2/apps/:appId/integrations/:integrationId/webhooks/:webhookId': {
    allow: hooks,
    status: 200,
    once: true,
    peer: 403,
  },

  'GET /v2/apps/:appId/switchboards': { allow: owners, status: 200 },
  'POST /v2/apps/:appId/switchboards': { allow: owners, status: 400 },
  'GET /v2/apps/:appId/switchboards/:switchboardId': { allow: owners, status: 200 },
  'PATCH /v2/apps/:appId/switchboards/:switchboardId': { allow: owners, status: 200, body: { enabled: true } },
  'DELETE /v2/apps/:appId/switchboards/:switchboardId': { allow: owners, status: 200, once: true },
  'GET /v2/apps/:appId/switchboards/:switchboardId/switchboardIntegrations': { allow: owners, status: 200 },
  'POST /v2/apps/:appId/switchboards/:switchboardId/switchboardIntegrations': {
    allow: owners,
    status: 400,
    body: { name: 'x' },
  },
  'GET /v2/apps/:appId/switchboards/:switchboardId/switchboardIntegrations/:id': { allow: owners, status: 200 },
  'PATCH /v2/apps/:appId/switchboards/:switchboardId/switchboardIntegrations/:id': {
    allow: owners,
    status: 200,
    body: { messageHistoryCount: 3 },
  },
  'DELETE /v2/apps/:appId/switchboards/:switchboardId/switchboardIntegrations/:id': {
    allow: owners,
    status: 200,
    once: true,
  },

  'GET /v2/apps/:appId/users': { allow: everybody, status: 400 },
  'POST /v2/apps/:appId/users': { allow: keys, status: 201, body: {} },
  'GET /v2/apps/:appId/users/:user': read,
  'PATCH /v2/apps/:appId/users/:user': { allow: keys, status: 200, body: { metadata: { seen: true } } },
  // The other integration is linked and does not hold the user's conversation.
  'DELETE /v2/apps/:appId/users/:user': { allow: keys, status: 200, once: true, peer: 409 },
  'DELETE /v2/apps/:appId/users/:user/personalinformation': { allow: keys, status: 200, once: true, peer: 409 },
  'GET /v2/apps/:appId/users/:user/clients': read,
  'POST /v2/apps/:appId/users/:user/clients': { allow: keys, status: 400, body: {} },
  'DELETE /v2/apps/:appId/users/:user/clients/:clientId': { allow: keys, status: 404 },
  'GET /v2/apps/:appId/users/:user/devices': read,
  'GET /v2/apps/:appId/users/:user/devices/:deviceId': { allow: everybody, status: 404 },

  'GET /v2/apps/:appId/conversations': { allow: everybody, status: 400 },
  'POST /v2/apps/:appId/conversations': { allow: keys, status: 201, body: { type: 'sdkGroup' } },
  'GET /v2/apps/:appId/conversations/:conversationId': read,
  'PATCH /v2/apps/:appId/conversations/:conversationId': { allow: keys, status: 200, body: { displayName: 'x' } },
  // It is the user's default conversation.
  'DELETE /v2/apps/:appId/conversations/:conversationId': { allow: keys, status: 400 },
  'GET /v2/apps/:appId/conversations/:conversationId/participants': read,
  'POST /v2/apps/:appId/conversations/:conversationId/join': { allow: keys, status: 400, body: {} },
  'POST /v2/apps/:appId/conversations/:conversationId/leave': { allow: keys, status: 400, body: {} },
  'GET /v2/apps/:appId/conversations/:conversationId/timeline': read,
  'GET /v2/apps/:appId/conversations/:conversationId/messages': read,
  // The other integration is linked and does not hold control: the fence.
  'POST /v2/apps/:appId/conversations/:conversationId/messages': {
    allow: keys,
    status: 201,
    body: { author: { type: 'business' }, content: text },
    peer: 409,
  },
  'DELETE /v2/apps/:appId/conversations/:conversationId/messages': {
    allow: keys,
    status: 200,
    once: true,
    peer: 409,
  },
  'DELETE /v2/apps/:appId/conversations/:conversationId/messages/:messageId': {
    allow: keys,
    status: 200,
    once: true,
    peer: 409,
  },
  'POST /v2/apps/:appId/conversations/:conversationId/activity': {
    allow: keys,
    status: 200,
    body: { author: { type: 'business' }, type: 'conversation:read' },
  },
  'POST /v2/apps/:appId/conversations/:conversationId/passControl': {
    allow: keys,
    status: 200,
    body: { switchboardIntegration: 'nobody' },
  },
  'POST /v2/apps/:appId/conversations/:conversationId/offerControl': {
    allow: keys,
    status: 200,
    body: { switchboardIntegration: 'nobody' },
  },
  'POST /v2/apps/:appId/conversations/:conversationId/acceptControl': {
    allow: keys,
    status: 200,
    body: {},
    holder: 403,
  },
  'POST /v2/apps/:appId/conversations/:conversationId/declineControl': {
    allow: keys,
    status: 200,
    body: {},
    holder: 403,
  },
  'POST /v2/apps/:appId/conversations/:conversationId/releaseControl': {
    allow: keys,
    status: 200,
    peer: 403,
    once: true,
  },

  'GET /v2/apps/:appId/sessions': { allow: everybody, grant: 'sessions', status: 200 },
  // The web widget: the business does not begin there.
  'POST /v2/apps/:appId/sessions': {
    allow: everybody,
    grant: 'sessions',
    status: 404,
    body: { conversationId: '0'.repeat(24), text: 'hello' },
  },
  'POST /v2/apps/:appId/sessions/endMany': {
    allow: desk,
    grant: 'sessions',
    status: 200,
    body: { sessionIds: ['0'.repeat(24)] },
  },
  'GET /v2/apps/:appId/sessions/:sessionId': { ...read, grant: 'sessions' },
  'GET /v2/apps/:appId/sessions/:sessionId/messages': { ...read, grant: 'sessions' },
  // Keys name the agent.
  'GET /v2/apps/:appId/sessions/:sessionId/actions': {
    allow: desk,
    grant: 'sessions',
    status: 400,
    agent: 200,
    stranger: 404,
  },
  'POST /v2/apps/:appId/sessions/:sessionId/end': {
    allow: everybody,
    grant: 'sessions',
    status: 200,
    body: {},
    peer: 403,
    agent: 403,
    once: true,
  },
  // Nothing waits for an agent here, and no agent has it.
  'POST /v2/apps/:appId/sessions/:sessionId/accept': { ...nothingToDo, body: { workItemId: '0'.repeat(24) } },
  'POST /v2/apps/:appId/sessions/:sessionId/decline': { ...nothingToDo, body: { workItemId: '0'.repeat(24) } },
  'POST /v2/apps/:appId/sessions/:sessionId/transfer': { ...nothingToDo, body: { skills: ['french'] } },
  'POST /v2/apps/:appId/sessions/:sessionId/assign': {
    ...nothingToDo,
    roles: ['supervisor', 'admin'],
    body: ({ agentId }) => ({ agentId }),
  },
  // Agents observe for themselves alone.
  'POST /v2/apps/:appId/sessions/:sessionId/observe': {
    allow: desk,
    grant: 'sessions',
    status: 200,
    roles: ['supervisor', 'admin'],
    body: ({ agentId }) => ({ agentId, present: true }),
    agent: 400,
  },
  'POST /v2/apps/:appId/sessions/:sessionId/inactivate': { ...nothingToDo, allow: everybody },
  'PUT /v2/apps/:appId/sessions/:sessionId/ticket': {
    allow: desk,
    grant: 'sessions',
    status: 200,
    stranger: 403,
    body: { id: 'T-1', status: 'open' },
  },
  'POST /v2/apps/:appId/sessions/:sessionId/messages': { allow: ['agent'], status: 409, body: { text: 'words' } },
  'GET /v2/apps/:appId/surveys': { allow: desk, status: 200 },
  'GET /v2/apps/:appId/surveys/export': { allow: desk, status: 200 },
  'GET /v2/apps/:appId/csat/scores': { allow: desk, status: 200 },
  'GET /v2/apps/:appId/queues': { allow: desk, status: 200 },
  'POST /v2/apps/:appId/queues': { ...admins, status: 201, body: { name: 'x' }, once: true },
  'GET /v2/apps/:appId/queues/:queueId': { allow: desk, status: 200 },
  'PATCH /v2/apps/:appId/queues/:queueId': { ...admins, status: 200, body: { takesTransfers: true } },
  'DELETE /v2/apps/:appId/queues/:queueId': { ...admins, status: 200, once: true },
  'GET /v2/apps/:appId/serviceChannels': { allow: desk, status: 200 },
  'POST /v2/apps/:appId/serviceChannels': {
    ...admins,
    status: 201,
    body: { name: 'x', kind: 'web_widget' },
    once: true,
  },
  'GET /v2/apps/:appId/serviceChannels/:channelId': { allow: desk, status: 200 },
  'PATCH /v2/apps/:appId/serviceChannels/:channelId': { ...admins, status: 200, body: { weight: 2 } },
  'DELETE /v2/apps/:appId/serviceChannels/:channelId': { ...admins, status: 200, once: true },
  'GET /v2/apps/:appId/routing/waiting': { allow: desk, roles: ['supervisor', 'admin'], status: 200 },
  'GET /v2/apps/:appId/routing/loads': { allow: owners, status: 200 },
  'GET /v2/apps/:appId/webhooks/:webhookId/deadLetters': { allow: owners, status: 200 },
  'POST /v2/apps/:appId/webhooks/:webhookId/deadLetters/:deadLetterId/resend': {
    allow: owners,
    status: 200,
    once: true,
  },

  // End users can end sessions there.
  'POST /v2/apps/:appId/linkRequests/confirm': {
    allow: owners,
    status: 409,
    body: { channelId: '0'.repeat(24), code: 'x' },
  },
  'GET /client/v1/apps/:appId/config': { allow: users, status: 200 },
  'POST /client/v1/apps/:appId/linkRequests': { allow: users, status: 409, body: { channelId: '0'.repeat(24) } },
  'GET /client/v1/apps/:appId/conversations/:conversationId/actions': { allow: users, status: 200, peer: 404 },
  'GET /client/v1/apps/:appId/conversations': { allow: users, status: 200 },
  'POST /client/v1/apps/:appId/conversations': { allow: users, status: 201, body: {} },
  'GET /client/v1/apps/:appId/conversations/:conversationId': { allow: users, status: 200, peer: 404 },
  'GET /client/v1/apps/:appId/conversations/:conversationId/messages': { allow: users, status: 200, peer: 404 },
  'POST /client/v1/apps/:appId/conversations/:conversationId/messages': {
    allow: users,
    status: 201,
    body: { content: text },
    peer: 404,
  },
  // Nobody asked for it.
  'POST /client/v1/apps/:appId/conversations/:conversationId/consent': {
    allow: users,
    status: 409,
    body: { granted: true },
    peer: 404,
  },
  'POST /client/v1/apps/:appId/conversations/:conversationId/end': {
    allow: users,
    status: 200,
    body: { confirmed: true },
    peer: 404,
    once: true,
  },
};
