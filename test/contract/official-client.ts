import type { Agent } from 'node:https';
import newest from 'sunshine-conversations-client';
import v9_0_1 from 'sunshine-conversations-client-9.0.1';
import v9_15_0 from 'sunshine-conversations-client-9.15.0';
import v12_5_0 from 'sunshine-conversations-client-12.5.0';

/** The official npm clients as they were published, by version; bots in the field use all of them. */
export const CLIENTS = { '14.1.0': newest, '12.5.0': v12_5_0, '9.15.0': v9_15_0, '9.0.1': v9_0_1 } as const;

export type Version = keyof typeof CLIENTS;

const NEWEST = '14.1.0';

/** Credentials of a key, as the API returns them at creation. */
export interface KeyPair {
  readonly id: string;
  readonly secret: string;
}

/** An unmodified official client, one API class per property, on our server. What a version lacks is empty. */
export type OfficialClient = ReturnType<typeof officialClient>;

export function officialClient(
  basePath: string,
  credentials: KeyPair | { readonly token: string },
  { version = NEWEST, agent = null }: { readonly version?: Version; readonly agent?: Agent | null } = {},
) {
  const Sunco = CLIENTS[version];
  const client = new Sunco.ApiClient();
  client.basePath = basePath;
  client.requestAgent = agent;
  if ('token' in credentials) {
    client.authentications.bearerAuth.accessToken = credentials.token;
  } else {
    client.authentications.basicAuth.username = credentials.id;
    client.authentications.basicAuth.password = credentials.secret;
  }
  const api = (name: string) => {
    const Api = Sunco[name];
    if (!Api && version === NEWEST) throw new Error(`the client has no ${name}`);
    return (Api ? new Api(client) : {}) as Record<string, (...args: unknown[]) => Promise<Loose>>;
  };
  return {
    activities: api('ActivitiesApi'),
    appKeys: api('AppKeysApi'),
    apps: api('AppsApi'),
    attachments: api('AttachmentsApi'),
    clients: api('ClientsApi'),
    conversations: api('ConversationsApi'),
    devices: api('DevicesApi'),
    integrationKeys: api('CustomIntegrationApiKeysApi'),
    integrations: api('IntegrationsApi'),
    messages: api('MessagesApi'),
    oauth: api('OAuthEndpointsApi'),
    participants: api('ParticipantsApi'),
    control: api('SwitchboardActionsApi'),
    switchboardIntegrations: api('SwitchboardIntegrationsApi'),
    switchboards: api('SwitchboardsApi'),
    users: api('UsersApi'),
    webhooks: api('WebhooksApi'),
  };
}

/** Whatever the client made of an answer. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Loose = any;

/** How the client rejects: a plain object, not an Error. */
export interface Rejection {
  readonly status: number;
  readonly body: { readonly errors: readonly { readonly code: string; readonly title: string }[] };
}

/** The rejection of a call that must fail. */
export async function rejection(call: Promise<unknown>): Promise<Rejection> {
  try {
    await call;
  } catch (error) {
    return error as Rejection;
  }
  throw new Error('the call succeeded, but it had to be refused');
}

/** Status and first error code of a call that must fail. */
export async function refused(call: Promise<unknown>): Promise<[number, string | undefined]> {
  const { status, body } = await rejection(call);
  return [status, body.errors?.[0]?.code];
}
