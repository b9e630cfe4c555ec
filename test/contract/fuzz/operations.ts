import { readFileSync } from 'node:fs';
import { rows, type Scope } from '../../integration/tenancy/authorization.rows.js';
import type { ServedRoute } from '../../support/routes.js';

export type Schema = Readonly<Record<string, unknown>>;

/** One operation to be tried: a served route, who may call it, and what its body should be. */
export interface Operation extends ServedRoute {
  readonly allow: readonly Scope[];
  /** `null`: it takes no body. */
  readonly body: Schema | null;
  /** Statuses the facts name for it. */
  readonly documented: readonly number[];
}

interface FactsOperation {
  readonly requestBody?: { readonly content: { readonly 'application/json'?: { readonly schema: Schema } } };
  readonly responses?: Readonly<Record<string, unknown>>;
}
interface Facts {
  readonly paths: Readonly<Record<string, Readonly<Record<string, FactsOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const facts = JSON.parse(readFileSync(new URL('../openapi-facts.json', import.meta.url), 'utf8')) as Facts;

/** What a `$ref` of the facts stands for. */
export function schemaAt(reference: string): Schema {
  const schema = facts.components.schemas[reference.replace('#/components/schemas/', '')];
  if (schema === undefined) throw new Error(`the facts have no ${reference}`);
  return schema;
}

const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const control: Schema = { type: 'object', properties: { metadata: ref('metadata') } };

const seconds: Schema = { type: ['integer', 'null'], minimum: 300, maximum: 1800 };
const queue: Schema = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 100 },
    skills: { type: 'array', maxItems: 3, items: { type: 'string', minLength: 1, maxLength: 9 } },
    waitSeconds: seconds,
    autoAccept: { type: 'boolean' },
    overflow: { type: 'object', properties: { to: { type: 'string', enum: ['none', 'end'] } }, required: ['to'] },
  },
};
const channel: Schema = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 100 },
    kind: { type: 'string', enum: ['web_widget', 'byoc', 'sms'] },
    weight: { type: 'integer', minimum: 0, maximum: 9 },
    customerInactivitySeconds: seconds,
  },
};

const id: Schema = { type: 'string', minLength: 24, maxLength: 24 };

function object(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  return { type: 'object', properties, required };
}

/** Bodies of the routes that are ours alone. */
const ownBodies: Readonly<Record<string, Schema>> = {
  'POST /v2/apps/:appId/conversations/:conversationId/declineControl': control,
  'POST /v2/apps/:appId/queues': queue,
  'PATCH /v2/apps/:appId/queues/:queueId': queue,
  'POST /v2/apps/:appId/serviceChannels': channel,
  'PATCH /v2/apps/:appId/serviceChannels/:channelId': channel,
  'POST /v2/apps/:appId/agents/:agentId/keys': {
    type: 'object',
    properties: { displayName: { type: 'string', minLength: 1, maxLength: 100 } },
    required: ['displayName'],
  },
  'POST /v2/apps/:appId/linkRequests/confirm': {
    type: 'object',
    properties: { channelId: { type: 'string', minLength: 24, maxLength: 24 }, code: { type: 'string', minLength: 1 } },
    required: ['channelId', 'code'],
  },
  'POST /client/v1/apps/:appId/linkRequests': {
    type: 'object',
    properties: { channelId: { type: 'string', minLength: 24, maxLength: 24 } },
    required: ['channelId'],
  },
  'POST /client/v1/apps/:appId/conversations': {
    type: 'object',
    properties: { type: { type: 'string', enum: ['personal'] }, metadata: ref('metadata') },
  },
  'POST /client/v1/apps/:appId/conversations/:conversationId/messages': {
    type: 'object',
    properties: { content: ref('content'), metadata: ref('metadata') },
    required: ['content'],
  },
  'POST /client/v1/apps/:appId/conversations/:conversationId/end': {
    type: 'object',
    properties: { confirmed: { type: 'boolean' } },
  },
};

/** Bodies of what is done with sessions. */
const sessionBodies: Readonly<Record<string, Schema>> = {
  'POST /client/v1/apps/:appId/conversations/:conversationId/consent': object({ granted: { type: 'boolean' } }, [
    'granted',
  ]),
  'POST /v2/apps/:appId/sessions': object({ conversationId: id, text: { type: 'string' } }, ['conversationId', 'text']),
  'POST /v2/apps/:appId/sessions/endMany': object(
    { sessionIds: { type: 'array', items: id, minItems: 1, maxItems: 100 } },
    ['sessionIds'],
  ),
  'POST /v2/apps/:appId/sessions/:sessionId/end': object({
    from: { type: 'string', enum: ['window', 'row'] },
    reason: { type: 'string', enum: ['automation', 'error'] },
  }),
  'POST /v2/apps/:appId/sessions/:sessionId/accept': object({ workItemId: id }, ['workItemId']),
  'POST /v2/apps/:appId/sessions/:sessionId/decline': object({ workItemId: id }, ['workItemId']),
  'POST /v2/apps/:appId/sessions/:sessionId/transfer': object({ queueId: id }, ['queueId']),
  'POST /v2/apps/:appId/sessions/:sessionId/assign': object({ agentId: id }, ['agentId']),
  'POST /v2/apps/:appId/sessions/:sessionId/observe': object({ agentId: id, present: { type: 'boolean' } }, [
    'present',
  ]),
  'PUT /v2/apps/:appId/sessions/:sessionId/ticket': object(
    { id: { type: 'string' }, status: { type: 'string', enum: ['new', 'open', 'solved'] } },
    ['id', 'status'],
  ),
  'POST /v2/apps/:appId/sessions/:sessionId/messages': object({ text: { type: 'string' } }, ['text']),
};

const agent: Schema = object({
  displayName: { type: 'string', minLength: 1, maxLength: 100 },
  role: { type: 'string', enum: ['agent', 'supervisor', 'admin'] },
  skills: { type: 'array', maxItems: 3, items: { type: 'string', minLength: 1, maxLength: 9 } },
  permissions: object({ endAny: { type: 'boolean' } }),
  limits: object({ primary: { type: 'integer', minimum: 0, maximum: 9 } }),
});
const connection: Schema = { type: 'string', minLength: 1, maxLength: 9 };

/** Bodies of what agents do, and of what is done with agents. */
const agentBodies: Readonly<Record<string, Schema>> = {
  'POST /v2/apps/:appId/agents': { ...agent, required: ['displayName'] },
  'PATCH /v2/apps/:appId/agents/:agentId': agent,
  'POST /v2/apps/:appId/agents/:agentId/login': object({
    connection,
    status: { type: 'string', enum: ['online', 'busy', 'away'] },
  }),
  'POST /v2/apps/:appId/agents/:agentId/logout': object({ confirm: { type: 'boolean' } }),
  'POST /v2/apps/:appId/agents/:agentId/heartbeat': object({ connection, lost: { type: 'boolean' } }),
  'PUT /v2/apps/:appId/agents/:agentId/presence': object(
    { status: { type: 'string', enum: ['online', 'busy', 'away', 'offline'] } },
    ['status'],
  ),
  'POST /v2/apps/:appId/agents/:agentId/work-items/:workItemId/close': object({
    choice: { type: 'string', enum: ['end', 'inactivate'] },
    notes: { type: 'string' },
  }),
  'PUT /v2/apps/:appId/agents/:agentId/work-items/:workItemId/notes': object(
    { text: { type: 'string' }, draft: { type: 'boolean' } },
    ['text'],
  ),
  'PUT /v2/apps/:appId/agents/:agentId/work-items/:workItemId/ticket': object(
    { id: { type: 'string', minLength: 1 }, status: { type: 'string', enum: ['new', 'open', 'solved'] } },
    ['id', 'status'],
  ),
};

/** Fields we add to bodies of the facts. */
const ownFields: Readonly<Record<string, Schema>> = {
  offerControl: { expiresInSeconds: { type: 'integer', minimum: 600, maximum: 86_400 } },
  messages: { controlEpoch: { type: 'integer', minimum: 0, maximum: 9 } },
  ':switchboardId': {
    controlEnforcement: { type: 'string', enum: ['strict', 'warn', 'off'] },
    offerExpirySeconds: { type: 'integer', minimum: 600, maximum: 3600 },
  },
  switchboardIntegrations: { kind: { type: 'string', enum: ['bot', 'agent'] } },
};

/** Every route that is served, with what the facts know of it. */
export function operationsOf(routes: readonly ServedRoute[]): Operation[] {
  return routes.flatMap(({ method, path }) => {
    const row = rows[`${method} ${path}`];
    if (row === undefined) return [];
    const known = factsOf(method, path);
    const documented = Object.keys(known?.responses ?? {}).map(Number);
    const fromFacts = known?.requestBody?.content['application/json']?.schema;
    const body =
      ownBodies[`${method} ${path}`] ??
      sessionBodies[`${method} ${path}`] ??
      agentBodies[`${method} ${path}`] ??
      (fromFacts && withOwnFields(path, fromFacts)) ??
      null;
    return [{ method, path, allow: row.allow, body, documented }];
  });
}

function withOwnFields(path: string, schema: Schema): Schema {
  const properties = ownFields[path.split('/').at(-1) ?? ''];
  return properties === undefined ? schema : { allOf: [schema, { type: 'object', properties }] };
}

/** The facts name parameters in their own way: paths are compared by shape. */
function factsOf(method: string, path: string): FactsOperation | undefined {
  const shape = path.replace(/:\w+/g, '{}');
  const found = Object.entries(facts.paths).find(([known]) => known.replace(/\{\w+\}/g, '{}') === shape);
  return found?.[1][method.toLowerCase()];
}
