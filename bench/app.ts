import { Agent } from 'undici';
import { comeTrue, onDatabase } from './database.js';
import type { Stand } from './stand.js';

// oxlint-disable-next-line typescript/no-explicit-any
type Json = any;

const agent = new Agent({ connections: 64, pipelining: 1 });

/** An app of the stand with its key, and what every cell does with it. */
export class App {
  private constructor(
    private readonly stand: Stand,
    readonly id: string,
    /** A key of the app, whoever calls. */
    readonly key: Key,
    readonly authorization = basic(key),
  ) {}

  /** @param settings Of the app, beside those that every cell needs. */
  static async make(stand: Stand, settings: object): Promise<App> {
    const account = basic(stand.accountKey);
    const { app } = await call('POST', stand.url, account, '/v2/apps', {
      displayName: 'bench',
      settings: { multiConvoEnabled: true, endSessionEnabled: true, disableConversationReopen: true, ...settings },
    });
    const { key } = await call('POST', stand.url, account, `/v2/apps/${app.id}/keys`, { displayName: 'bench' });
    return new App(stand, app.id, key);
  }

  /** The same app, called with another credential. */
  as(authorization: string): App {
    return new App(this.stand, this.id, this.key, authorization);
  }

  get(path: string): Promise<Json> {
    return this.call('GET', path);
  }

  post(path: string, body?: unknown): Promise<Json> {
    return this.call('POST', path, body);
  }

  patch(path: string, body: unknown): Promise<Json> {
    return this.call('PATCH', path, body);
  }

  put(path: string, body: unknown): Promise<Json> {
    return this.call('PUT', path, body);
  }

  /** Conversations with a live session: each a user of its own who has written once. */
  async converse(count: number, details: object = {}): Promise<string[]> {
    const made: string[] = [];
    let left = count;
    await Promise.all(
      Array.from({ length: 32 }, async () => {
        while (left-- > 0) made.push(await this.converseOnce(details));
      }),
    );
    return made;
  }

  private async converseOnce(details: object): Promise<string> {
    const { user } = await this.post('/users', { externalId: `u-${Math.random()}` });
    const { conversation } = await this.post('/conversations', {
      type: 'personal',
      participants: [{ userId: user.id }],
      ...details,
    });
    await this.post(`/conversations/${conversation.id}/messages`, {
      author: { type: 'user', userId: user.id },
      content: { type: 'text', text: 'hello' },
    });
    return conversation.id;
  }

  /** Waits until nothing is left to send: what is measured next begins with a flat backlog. */
  quiet(): Promise<void> {
    return onDatabase(this.stand, (client) => comeTrue(client, NOTHING_LEFT, 'nothing is left to send'));
  }

  /** The live sessions of these conversations, read where they are recorded. */
  sessions(conversations: readonly string[]): Promise<string[]> {
    return onDatabase(this.stand, async (client) => {
      const text = 'SELECT id FROM session WHERE conversation_id = ANY ($1)';
      const { rows } = await client.query<{ id: string }>(text, [conversations]);
      return rows.map(({ id }) => id);
    });
  }

  /**
   * At most 100. Those that were refused for want of a lock are asked again, as a client would; answers how many were.
   */
  async endMany(sessionIds: readonly string[]): Promise<number> {
    const { results } = await this.post('/sessions/endMany', { sessionIds });
    const wrong = results.filter(({ result }: Json) => result !== 'ended' && result !== 'unavailable');
    if (wrong.length > 0) throw new Error(`NOT SO: all sessions were ended in bulk: ${JSON.stringify(wrong)}`);
    const again = results.filter(({ result }: Json) => result === 'unavailable');
    if (again.length === 0) return 0;
    return again.length + (await this.endMany(again.map(({ sessionId }: Json) => sessionId)));
  }

  private call(method: Method, path: string, body?: unknown): Promise<Json> {
    return call(method, this.stand.url, this.authorization, `/v2/apps/${this.id}${path}`, body);
  }
}

const NOTHING_LEFT = `
  SELECT NOT EXISTS (SELECT 1 FROM outbox WHERE published_at IS NULL)
     AND NOT EXISTS (SELECT 1 FROM delivery WHERE done_at IS NULL) AS so`;

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT';

export interface Key {
  readonly id: string;
  readonly secret: string;
}

export const basic = ({ id, secret }: Key): string => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

async function call(method: Method, url: string, authorization: string, path: string, body?: unknown): Promise<Json> {
  const response = await agent.request({
    origin: url,
    path,
    method,
    headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const answer = (await response.body.json()) as Json;
  if (response.statusCode >= 300) throw new Error(`${path}: ${response.statusCode} ${JSON.stringify(answer)}`);
  return answer;
}
