import { startApp, type AppOverrides, type StartedApp } from '../../support/app.js';

export interface KeyPair {
  readonly id: string;
  readonly secret: string;
}

// oxlint-disable-next-line typescript/no-explicit-any -- tests read bodies freely
export type Json = any;

export interface Answer {
  readonly status: number;
  readonly body: Json;
}

export const basic = ({ id, secret }: KeyPair): string => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

/** One caller of the API: whatever it is given goes into the `authorization` header. */
export class Caller {
  constructor(
    readonly url: string,
    private readonly authorization: string | null,
  ) {}

  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(this.authorization !== null && { authorization: this.authorization }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    return { status: response.status, body: isJson ? await response.json() : await response.text() };
  }

  /** For HEAD, whose answers have no body. */
  async head(path: string): Promise<number> {
    const headers = this.authorization === null ? {} : { authorization: this.authorization };
    return (await fetch(`${this.url}${path}`, { method: 'HEAD', headers })).status;
  }

  get = (path: string): Promise<Answer> => this.send('GET', path);
  post = (path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> =>
    this.send('POST', path, body, headers);
  patch = (path: string, body: unknown): Promise<Answer> => this.send('PATCH', path, body);
  delete = (path: string): Promise<Answer> => this.send('DELETE', path);
}

/** A started server with an app, its key and a custom integration with a key. */
export interface Stage {
  readonly started: StartedApp;
  readonly account: Caller;
  as(authorization: string | null): Caller;
  tenant(settings?: object): Promise<Tenant>;
  close(): Promise<unknown>;
}

export interface Tenant {
  readonly id: string;
  /** `/v2/apps/{id}` */
  readonly path: string;
  readonly key: KeyPair;
  readonly caller: Caller;
  bot(name?: string): Promise<Bot>;
}

export interface Bot {
  readonly id: string;
  readonly webhook: Json;
  readonly key: KeyPair;
  readonly caller: Caller;
}

export const webhookBody = { target: 'http://127.0.0.1:9/hook', triggers: ['conversation:message'] };

export async function openStage(overrides?: AppOverrides): Promise<Stage> {
  const started = await startApp(overrides);
  const as = (authorization: string | null): Caller => new Caller(started.url, authorization);
  const account = as(basic(started.accountKey));
  const tenant = async (settings: object = {}): Promise<Tenant> => {
    const { app } = made(await account.post('/v2/apps', { displayName: 'tenant', settings }));
    const path = `/v2/apps/${app.id}`;
    const { key } = made(await account.post(`${path}/keys`, { displayName: 'key' }));
    const caller = as(basic(key));
    const bot = async (name = 'bot'): Promise<Bot> => {
      const body = { type: 'custom', displayName: name, webhooks: [webhookBody] };
      const { integration } = made(await caller.post(`${path}/integrations`, body));
      const keys = `${path}/integrations/${integration.id}/keys`;
      const { key: own } = made(await caller.post(keys, { displayName: name }));
      return { id: integration.id, webhook: integration.webhooks[0], key: own, caller: as(basic(own)) };
    };
    return { id: app.id, path, key, caller, bot };
  };
  return { started, account, as, tenant, close: () => started.close() };
}

/** The body of a 201. */
export function made({ status, body }: Answer): Json {
  if (status !== 201) throw new Error(`not made: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** Status and first error code. */
export function refusal({ status, body }: Answer): [number, string | undefined, string | undefined] {
  return [status, body.errors?.[0]?.code, body.errors?.[0]?.title];
}
