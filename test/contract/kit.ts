import { startApp } from '../support/app.js';
import { eventViolations } from '../support/facts.js';
import { until } from '../support/until.js';
import { webhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.js';
import { officialClient, type KeyPair, type Loose, type OfficialClient, type Version } from './official-client.js';

export * from './official-client.js';

/** A running server with an app of its own, seen through the official client: the newest, or the one of `version`. */
export interface Contract {
  readonly url: string;
  readonly appId: string;
  readonly appKey: KeyPair;
  readonly account: OfficialClient;
  readonly client: OfficialClient;
  /** Another client on the same server. */
  as(credentials: KeyPair | { readonly token: string }, base?: string): OfficialClient;
  /** A custom integration with its webhook receiver and a key. */
  bot(name: string, triggers?: readonly string[], more?: object): Promise<Bot>;
  /** A switchboard, enabled, linking these bots in order; the first one is the default. */
  switchboard(bots: readonly Bot[], options?: Record<string, SiOptions>): Promise<Switchboard>;
  user(externalId?: string): Promise<Loose>;
  conversation(): Promise<{ readonly id: string; readonly userId: string }>;
  /** Plain HTTP with the app key, for what the client cannot send. */
  raw(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<RawAnswer>;
  /** The same with the account's key, of any path. */
  asAccount(path: string): Promise<RawAnswer>;
  close(): Promise<void>;
}

export interface SiOptions {
  readonly deliverStandbyEvents?: boolean;
  readonly kind?: 'bot' | 'agent';
  readonly next?: string;
}

export interface Switchboard {
  readonly id: string;
  /** Switchboard integration ids by bot name. */
  readonly si: Record<string, string>;
}

export interface RawAnswer {
  readonly status: number;
  readonly contentType: string | null;
  readonly text: string;
  readonly body: Loose;
}

const everyTrigger = ['*'];
let serial = 0;

export async function startContract(overrides?: Parameters<typeof startApp>[0], version?: Version): Promise<Contract> {
  const app = await startApp(overrides);
  const receivers: WebhookReceiver[] = [];
  const as: Contract['as'] = (credentials, base = app.url) =>
    officialClient(base, credentials, version === undefined ? {} : { version });
  const account = as(app.accountKey);
  const created = await account.apps['createApp']!({
    displayName: 'contract',
    settings: { multiConvoEnabled: true },
  });
  const appId: string = created.app.id;
  const appKey: KeyPair = (await account.appKeys['createAppKey']!(appId, { displayName: 'key' })).key;
  const client = as(appKey);

  const contract: Contract = {
    url: app.url,
    appId,
    appKey,
    account,
    client,
    as,
    async bot(name, triggers = everyTrigger, more = {}) {
      const receiver = await webhookReceiver();
      receivers.push(receiver);
      const { integration } = await client.integrations['createIntegration']!(appId, {
        type: 'custom',
        displayName: name,
        webhooks: [{ target: receiver.url, triggers, ...more }],
      });
      const { key } = await client.integrationKeys['createCustomIntegrationKey']!(appId, integration.id, {
        displayName: name,
      });
      return new Bot(name, integration.id, key, as(key), receiver);
    },
    async switchboard(bots, options = {}) {
      const { switchboard } = await client.switchboards['createSwitchboard']!(appId);
      const si: Record<string, string> = {};
      for (const bot of bots) {
        const { next, ...rest } = options[bot.name] ?? {};
        void next;
        const made = await contract.raw('POST', `/switchboards/${switchboard.id}/switchboardIntegrations`, {
          name: bot.name,
          integrationId: bot.integrationId,
          ...rest,
        });
        si[bot.name] = made.body.switchboardIntegration.id;
      }
      for (const [name, { next }] of Object.entries(options)) {
        if (!next) continue;
        await client.switchboardIntegrations['updateSwitchboardIntegration']!(appId, switchboard.id, si[name], {
          nextSwitchboardIntegrationId: si[next],
        });
      }
      await client.switchboards['updateSwitchboard']!(appId, switchboard.id, {
        enabled: true,
        defaultSwitchboardIntegrationId: si[bots[0]!.name],
      });
      return { id: switchboard.id, si };
    },
    async user(externalId = `user-${++serial}`) {
      return (await client.users['createUser']!(appId, { externalId })).user;
    },
    async conversation() {
      const user = await contract.user();
      const { conversation } = await client.conversations['createConversation']!(appId, {
        type: 'personal',
        participants: [{ userId: user.id }],
      });
      return { id: conversation.id, userId: user.id };
    },
    raw: (method, path, body, headers = {}) =>
      ask(`${app.url}/v2/apps/${appId}${path}`, {
        method,
        headers: {
          authorization: basicOf(appKey),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    asAccount: (path) => ask(app.url + path, { headers: { authorization: basicOf(app.accountKey) } }),
    async close() {
      await app.close();
      await Promise.all(receivers.map((receiver) => receiver.close()));
    },
  };
  return contract;
}

/** A custom integration whose webhook is received by a real HTTP server. */
export class Bot {
  constructor(
    readonly name: string,
    readonly integrationId: string,
    readonly key: KeyPair,
    readonly client: OfficialClient,
    readonly receiver: WebhookReceiver,
  ) {}

  /** Events received so far for one conversation, in order of arrival; each one holds the facts. */
  events(conversationId: string): Loose[] {
    const events = this.receiver.received.map((request) => request.event);
    for (const event of events) {
      const wrong = eventViolations(event);
      if (wrong.length > 0) throw new Error(wrong.join('\n'));
    }
    return events.filter((event) => event.payload.conversation?.id === conversationId);
  }

  /** Waits for the first event of this type in the conversation that matches. */
  async event(conversationId: string, type: string, matches: (payload: Loose) => boolean = () => true): Promise<Loose> {
    const find = () => this.events(conversationId).find((event) => event.type === type && matches(event.payload));
    await until(() => find() !== undefined, { what: `${type} at ${this.name}` });
    return find();
  }

  types(conversationId: string): string[] {
    return this.events(conversationId).map((event) => event.type);
  }
}

/** A user's text, posted with the app key: also the marker that everything before it has been delivered. */
export function userText(userId: string, text: string) {
  return { author: { type: 'user', userId }, content: { type: 'text', text } };
}

export function businessText(text: string) {
  return { author: { type: 'business' }, content: { type: 'text', text } };
}

const basicOf = ({ id, secret }: KeyPair): string => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

async function ask(url: string, init: RequestInit): Promise<RawAnswer> {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, contentType: response.headers.get('content-type'), text, body: parsed(text) };
}

function parsed(text: string): Loose {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
