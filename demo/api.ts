import { request } from 'undici';

/** A client of the public API, as small as a bot needs: base URL, one credential, answers as JSON. */
export class Api {
  constructor(
    private readonly url: string,
    private readonly authorization: string,
  ) {}

  static withKey(url: string, key: { readonly id: string; readonly secret: string }): Api {
    return new Api(url, `Basic ${Buffer.from(`${key.id}:${key.secret}`).toString('base64')}`);
  }

  static withToken(url: string, token: string): Api {
    return new Api(url, `Bearer ${token}`);
  }

  get(path: string): Promise<ApiAnswer> {
    return this.call('GET', path);
  }

  post(path: string, body?: unknown): Promise<ApiAnswer> {
    return this.call('POST', path, body);
  }

  patch(path: string, body: unknown): Promise<ApiAnswer> {
    return this.call('PATCH', path, body);
  }

  put(path: string, body: unknown): Promise<ApiAnswer> {
    return this.call('PUT', path, body);
  }

  delete(path: string): Promise<ApiAnswer> {
    return this.call('DELETE', path);
  }

  private async call(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<ApiAnswer> {
    const response = await request(`${this.url}${path}`, {
      method,
      headers: {
        authorization: this.authorization,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    return { status: response.statusCode, body: (await response.body.json()) as Json };
  }
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: Json;
}

/** Whatever the API answered; the demo reads it freely and checks what matters. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Json = any;

/** The body of an answer that must be a success. */
export function ok({ status, body }: ApiAnswer): Json {
  if (status < 300) return body;
  throw new Error(`the server answered ${status}: ${JSON.stringify(body)}`);
}
