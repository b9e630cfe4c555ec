import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { App } from './app.js';
import type { Stand } from './stand.js';

/** An app with a switchboard of two that pass control to each other, and a bot that hears messages. */
export class Field {
  /** Those that the closed loops choose from. */
  conversations: readonly string[] = [];
  private readonly arrivals: ((text: string, at: number) => void)[] = [];

  private constructor(
    readonly app: App,
    private readonly bot: Server,
  ) {}

  static async lay(stand: Stand, conversations: number, settings: object = {}): Promise<Field> {
    const app = await App.make(stand, settings);
    const bot = createServer();
    bot.listen(0, '127.0.0.1');
    await once(bot, 'listening');
    const field = new Field(app, bot);
    field.listen();
    await field.furnish();
    field.conversations = await app.converse(conversations);
    return field;
  }

  /** Called with the text of each message that reaches the bot. */
  onArrival(listener: (text: string, at: number) => void): void {
    this.arrivals.push(listener);
  }

  close(): void {
    this.bot.closeAllConnections();
    this.bot.close();
  }

  private async furnish(): Promise<void> {
    const { app } = this;
    const { port } = this.bot.address() as AddressInfo;
    const { switchboard } = await app.post('/switchboards');
    const at = `/switchboards/${switchboard.id}`;
    const made: string[] = [];
    for (const name of ['ping', 'pong']) {
      const { integration } = await app.post('/integrations', {
        type: 'custom',
        displayName: name,
        webhooks: [{ target: `http://127.0.0.1:${port}/${name}`, triggers: ['conversation:message'] }],
      });
      const { switchboardIntegration } = await app.post(`${at}/switchboardIntegrations`, {
        name,
        integrationId: integration.id,
        deliverStandbyEvents: false,
        ...(made[0] ? { nextSwitchboardIntegrationId: made[0] } : {}),
      });
      made.push(switchboardIntegration.id);
    }
    await app.patch(`${at}/switchboardIntegrations/${made[0]}`, { nextSwitchboardIntegrationId: made[1] });
    await app.patch(at, { enabled: true, defaultSwitchboardIntegrationId: made[0] });
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
