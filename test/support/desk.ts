import { createHmac } from 'node:crypto';
import { startApp, type AppOverrides, type StartedApp } from './app.js';

/** An answer over HTTP; what is in it is for the test to say. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into whatever came back
  readonly body: any;
}

export interface Key {
  readonly id: string;
  readonly secret: string;
}

/** Calls one app's API with one credential; paths begin behind `/v2/apps/<appId>`. */
export class Caller {
  constructor(
    private readonly base: string,
    private readonly authorization: string,
  ) {}

  get(path: string): Promise<Answered> {
    return this.send('GET', path);
  }
  post(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answered> {
    return this.send('POST', path, body, headers);
  }
  patch(path: string, body: unknown): Promise<Answered> {
    return this.send('PATCH', path, body);
  }
  delete(path: string): Promise<Answered> {
    return this.send('DELETE', path);
  }

  async send(method: string, path: string, body?: unknown, more: Record<string, string> = {}): Promise<Answered> {
    const headers = {
      authorization: this.authorization,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...more,
    };
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const response = await fetch(this.base + path, init);
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    const parsed = isJson ? await response.json() : await response.text();
    return { status: response.status, headers: response.headers, body: parsed };
  }
}

/** A bot or a desk: an integration with its link to the switchboard and a key. */
export interface Seat {
  readonly name: string;
  readonly integrationId: string;
  /** Its switchboard integration. */
  readonly id: string;
  readonly call: Caller;
}

/** A running server with an app whose switchboard links a bot (the default), a desk and a survey bot. */
export interface Desk {
  readonly started: StartedApp;
  readonly appId: string;
  readonly switchboardId: string;
  readonly app: Caller;
  readonly bot: Seat;
  readonly agent: Seat;
  readonly survey: Seat;
  /** A custom integration that no switchboard integration links. */
  readonly outsider: Caller;
  /** A further custom integration with a key, which no switchboard integration links. */
  guest(name: string): Promise<{ readonly integrationId: string; readonly call: Caller }>;
  /** Whoever has this key. */
  as(key: Key): Caller;
  /** An end user with a token of their own; paths begin behind `/client/v1/apps/<appId>`. */
  user(externalId: string): Caller;
  /** A personal conversation of a new user, made with the app key; the bot holds it. */
  conversation(): Promise<{ readonly id: string; readonly userId: string; readonly externalId: string }>;
  close(): Promise<void>;
}

export interface DeskOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly switchboard?: Readonly<Record<string, unknown>>;
  readonly server?: AppOverrides;
}

let serial = 0;

export async function startDesk({ settings = {}, switchboard = {}, server = {} }: DeskOptions = {}): Promise<Desk> {
  const started = await startApp(server);
  try {
    return await setUp(started, settings, switchboard);
  } catch (error) {
    // A server left running would keep the whole test run from ending.
    await started.close();
    throw error;
  }
}

async function setUp(
  started: StartedApp,
  settings: NonNullable<DeskOptions['settings']>,
  switchboard: NonNullable<DeskOptions['switchboard']>,
): Promise<Desk> {
  const account = new Caller(`${started.url}/v2/apps`, basic(started.accountKey));
  const made = async (answer: Promise<Answered>): Promise<Answered['body']> => {
    const { status, body } = await answer;
    if (status >= 300) throw new Error(`the stage could not be set: ${status} ${JSON.stringify(body)}`);
    return body;
  };
  const { app: created } = await made(
    account.post('', { displayName: 'desk', settings: { multiConvoEnabled: true, ...settings } }),
  );
  const base = `${started.url}/v2/apps/${created.id}`;
  const { key: appKey } = await made(account.post(`/${created.id}/keys`, { displayName: 'app' }));
  const app = new Caller(base, basic(appKey));
  const integration = async (name: string): Promise<{ integrationId: string; call: Caller }> => {
    const webhooks = [{ target: 'http://127.0.0.1:9/', triggers: ['user:remove'] }];
    const { integration: one } = await made(app.post('/integrations', { type: 'custom', displayName: name, webhooks }));
    const { key } = await made(app.post(`/integrations/${one.id}/keys`, { displayName: name }));
    return { integrationId: one.id, call: new Caller(base, basic(key)) };
  };
  const board = (await made(app.post('/switchboards'))).switchboard;
  const seat = async (name: string, kind: string): Promise<Seat> => {
    const { integrationId, call } = await integration(name);
    const body = { name, kind, integrationId };
    const linked = await made(app.post(`/switchboards/${board.id}/switchboardIntegrations`, body));
    return { name, integrationId, id: linked.switchboardIntegration.id, call };
  };
  const bot = await seat('bot', 'bot');
  const agent = await seat('desk', 'agent');
  const survey = await seat('survey', 'bot');
  await made(
    app.patch(`/switchboards/${board.id}/switchboardIntegrations/${bot.id}`, {
      nextSwitchboardIntegrationId: agent.id,
    }),
  );
  await made(
    app.patch(`/switchboards/${board.id}`, { enabled: true, defaultSwitchboardIntegrationId: bot.id, ...switchboard }),
  );
  const outsider = (await integration('outsider')).call;
  return {
    started,
    appId: created.id,
    switchboardId: board.id,
    app,
    bot,
    agent,
    survey,
    outsider,
    guest: integration,
    as: (key) => new Caller(base, basic(key)),
    user: (externalId) =>
      new Caller(`${started.url}/client/v1/apps/${created.id}`, `Bearer ${userToken(appKey, externalId)}`),
    async conversation() {
      const externalId = `user-${++serial}-${Date.now()}`;
      const { user } = await made(app.post('/users', { externalId, profile: { givenName: 'Ana', surname: 'Lima' } }));
      const body = { type: 'personal', participants: [{ userId: user.id }] };
      const { conversation } = await made(app.post('/conversations', body));
      return { id: conversation.id, userId: user.id, externalId };
    },
    close: async () => {
      await started.close();
    },
  };
}

export const text = (words: string, more: object = {}): object => ({
  author: { type: 'business' },
  content: { type: 'text', text: words },
  ...more,
});

export const userText = (userId: string, words: string): object => ({
  author: { type: 'user', userId },
  content: { type: 'text', text: words },
});

export const basic = ({ id, secret }: Key): string => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

/** HS256, as `docs/wire.md` 2 has it, made by hand: the server must not depend on how a token was made. */
function userToken({ id, secret }: Key, externalId: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = `${part({ alg: 'HS256', typ: 'JWT', kid: id })}.${part({ scope: 'user', external_id: externalId })}`;
  return `${unsigned}.${createHmac('sha256', secret).update(unsigned).digest('base64url')}`;
}
