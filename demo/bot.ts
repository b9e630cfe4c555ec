/**
 * One bot as a process of its own: an HTTP server that receives webhooks and a client that calls the API, nothing else.
 * `node bot.js <faq|desk|survey>`, settings and reports over the IPC channel of the process that started it.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { Api, type ApiAnswer, type Json } from './api.js';
import type { BotReport, BotSettings } from './reports.js';

type Behaviour = (bot: Bot, event: Json) => Promise<void>;

const [, , role = ''] = process.argv;

const isUserMessage = (event: Json) =>
  event.type === 'conversation:message' && event.payload.message.author.type === 'user';
const isSaidBy = (name: string, event: Json) =>
  event.type === 'conversation:message' && event.payload.message.author.displayName === name;
const textOf = (event: Json): string => event.payload.message.content.text ?? '';
const holder = (event: Json): string | undefined => event.payload.conversation.activeSwitchboardIntegration?.name;

const behaviours: Record<string, Behaviour> = {
  /** Answers, and offers control to the desk when asked for a human. It keeps typing, and finds out that it is too late. */
  async faq(bot, event) {
    const conversation = event.payload.conversation.id;
    if (isUserMessage(event) && holder(event) === 'faq-bot') {
      if (!textOf(event).includes('human')) return bot.say(conversation, 'Parcels take two days.');
      await bot.control(conversation, 'offerControl', { switchboardIntegration: 'desk', expiresInSeconds: 60 });
    }
    // The desk has spoken: behind that there is no parting word any more.
    if (isSaidBy('desk', event)) await bot.say(conversation, 'While you wait: have you tried our FAQ?');
  },
  /** Accepts what it is offered, answers once, and hands back when thanked. */
  async desk(bot, event) {
    const conversation = event.payload.conversation.id;
    if (event.type === 'switchboard:offerControl') await bot.control(conversation, 'acceptControl', {});
    if (event.type === 'switchboard:acceptControl') await bot.say(conversation, 'Ana here. I found your parcel.');
    if (isUserMessage(event) && holder(event) === 'desk' && textOf(event).includes('thanks')) {
      await bot.control(conversation, 'passControl', { switchboardIntegration: 'faq-bot' });
    }
  },
  /** Gets control when the end user ends, asks one question, and releases: only then has the session ended. */
  async survey(bot, event) {
    const conversation = event.payload.conversation.id;
    if (event.type === 'switchboard:passControl' && holder(event) === 'survey-bot') {
      await bot.say(conversation, 'How did we do, 1 to 5?');
    }
    if (isUserMessage(event) && holder(event) === 'survey-bot') await bot.control(conversation, 'releaseControl', {});
  },
};

class Bot {
  private constructor(
    private readonly settings: BotSettings,
    private readonly api: Api,
  ) {}

  static from(settings: BotSettings): Bot {
    return new Bot(settings, Api.withKey(settings.url, settings.key));
  }

  /** Checks where the bytes come from before reading them. */
  verify(raw: string, headers: Record<string, string>): Json {
    return new Webhook(Buffer.from(this.settings.webhookSecret).toString('base64')).verify(raw, headers);
  }

  async say(conversationId: string, text: string): Promise<void> {
    const answer = await this.api.post(`/v2/apps/${this.settings.appId}/conversations/${conversationId}/messages`, {
      author: { type: 'business', displayName: role },
      content: { type: 'text', text },
    });
    tell({ kind: 'call', conversationId, what: `say "${text}"`, ...outcome(answer) });
  }

  async control(conversationId: string, action: string, body: object): Promise<void> {
    const path = `/v2/apps/${this.settings.appId}/conversations/${conversationId}/${action}`;
    tell({ kind: 'call', conversationId, what: action, ...outcome(await this.api.post(path, body)) });
  }
}

function outcome({ status, body }: ApiAnswer): { status: number; code: string | null } {
  return { status, code: body.errors?.[0]?.code ?? null };
}

function tell(report: BotReport): void {
  process.send?.(report);
}

let bot: Bot | null = null;
const behave = behaviours[role];
if (!behave) throw new Error(`no bot is called "${role}"`);

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const raw = Buffer.concat(chunks).toString();
    try {
      if (!bot) throw new Error('not set up yet');
      const [event] = bot.verify(raw, request.headers as Record<string, string>).events;
      response.writeHead(200).end();
      const conversationId: string = event.payload.conversation.id;
      tell({ kind: 'event', conversationId, type: event.type, seq: event.seq, epoch: event.controlEpoch });
      behave(bot, event).catch((error: Error) => tell({ kind: 'error', message: error.message }));
    } catch (error) {
      response.writeHead(401).end();
      tell({ kind: 'error', message: (error as Error).message });
    }
  });
});

process.on('message', (settings: BotSettings) => {
  bot = Bot.from(settings);
  tell({ kind: 'ready' });
});
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => tell({ kind: 'listening', port: (server.address() as AddressInfo).port }));
