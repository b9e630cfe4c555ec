import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Client } from 'pg';
import { Agent } from 'undici';
import type { Stand } from './stand.js';

// oxlint-disable-next-line typescript/no-explicit-any
type Json = any;

const agent = new Agent({ connections: 64, pipelining: 1 });

/** One app on the stand, with a switchboard of two that pass control to each other, and a bot that hears messages. */
export class Field {
  readonly authorization: string;
  /** Those that the closed loops choose from. */
  conversations: readonly string[] = [];
  private readonly arrivals: ((text: string, at: number) => void)[] = [];

  private constructor(
    private readonly stand: Stand,
    readonly appId: string,
    key: { id: string; secret: string },
    private readonly bot: Server,
  ) {
    this.authorization = basic(key);
  }

  /** @param settings Of the app, beside those that every cell needs. */
  static async lay(stand: Stand, conversations: number, settings: object = {}): Promise<Field> {
    const account = basic(stand.accountKey);
    const { app } = await call(stand.url, account, '/v2/apps', {
      displayName: 'bench',
      settings: { multiConvoEnabled: true, endSessionEnabled: true, disableConversationReopen: true, ...settings },
    });
    const { key } = await call(stand.url, account, `/v2/apps/${app.id}/keys`, { displayName: 'bench' });
    const bot = createServer();
    bot.listen(0, '127.0.0.1');
    await once(bot, 'listening');
    const field = new Field(stand, app.id, key, bot);
    field.listen();
    await field.furnish();
    field.conversations = await field.converse(conversations);
    return field;
  }

  /** Called with the text of each message that reaches the bot. */
  onArrival(listener: (text: string, at: number) => void): void {
    this.arrivals.push(listener);
  }

  post(path: string, body?: unknown): Promise<Json> {
    return call(this.stand.url, this.authorization, `/v2/apps/${this.appId}${path}`, body);
  }

  /** Conversations with a live session: each a user of its own who has written once. */
  async converse(count: number): Promise<string[]> {
    const made: string[] = [];
    const one = async () => {
      const { user } = await this.post('/users', { externalId: `u-${Math.random()}` });
      const { conversation } = await this.post('/conversations', {
        type: 'personal',
        participants: [{ userId: user.id }],
      });
      await this.post(`/conversations/${conversation.id}/messages`, {
        author: { type: 'user', userId: user.id },
        content: { type: 'text', text: 'hello' },
      });
      made.push(conversation.id);
    };
    let left = count;
    await Promise.all(
      Array.from({ length: 32 }, async () => {
        while (left-- > 0) await one();
      }),
    );
    return made;
  }

  /** Waits until nothing is left to send: what is measured next begins with a flat backlog. */
  async quiet(): Promise<void> {
    const db = new Client(this.stand.databaseUrl);
    await db.connect();
    const left = async (): Promise<number> => {
      const { rows } = await db.query<{ n: number }>(
        `SELECT (SELECT count(*) FROM outbox WHERE published_at IS NULL)::int
              + (SELECT count(*) FROM delivery WHERE done_at IS NULL)::int AS n`,
      );
      return rows[0]!.n;
    };
    while ((await left()) > 0) await new Promise((resolve) => setTimeout(resolve, 100));
    await db.end();
  }

  /** The live sessions of these conversations, read where they are recorded. */
  async sessions(conversations: readonly string[]): Promise<string[]> {
    const db = new Client(this.stand.databaseUrl);
    await db.connect();
    const { rows } = await db.query<{ id: string }>('SELECT id FROM session WHERE conversation_id = ANY ($1)', [
      conversations,
    ]);
    await db.end();
    return rows.map(({ id }) => id);
  }

  close(): void {
    this.bot.closeAllConnections();
    this.bot.close();
  }

  private async furnish(): Promise<void> {
    const { port } = this.bot.address() as AddressInfo;
    const { switchboard } = await this.post('/switchboards');
    const made: string[] = [];
    for (const name of ['ping', 'pong']) {
      const { integration } = await this.post('/integrations', {
        type: 'custom',
        displayName: name,
        webhooks: [{ target: `http://127.0.0.1:${port}/${name}`, triggers: ['conversation:message'] }],
      });
      const { switchboardIntegration } = await this.post(`/switchboards/${switchboard.id}/switchboardIntegrations`, {
        name,
        integrationId: integration.id,
        deliverStandbyEvents: false,
        ...(made[0] ? { nextSwitchboardIntegrationId: made[0] } : {}),
      });
      made.push(switchboardIntegration.id);
    }
    const path = `/v2/apps/${this.appId}/switchboards/${switchboard.id}`;
    await call(
      this.stand.url,
      this.authorization,
      `${path}/switchboardIntegrations/${made[0]}`,
      {
        nextSwitchboardIntegrationId: made[1],
      },
      'PATCH',
    );
    await call(
      this.stand.url,
      this.authorization,
      path,
      {
        enabled: true,
        defaultSwitchboardIntegrationId: made[0],
      },
      'PATCH',
    );
  }

  private listen(): void {
    this.bot.on('request', (request, response) => {
      const at = performance.now();
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.writeHead(200).end();
        if (this.arrivals.length === 0) return;
        const text: string = JSON.parse(Buffer.concat(chunks).toString()).events[0].payload.message.content.text;
        for (const listener of this.arrivals) listener(text, at);
      });
    });
  }
}

const basic = ({ id, secret }: { id: string; secret: string }) =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

async function call(
  url: string,
  authorization: string,
  path: string,
  body?: unknown,
  method: 'POST' | 'PATCH' = 'POST',
): Promise<Json> {
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
