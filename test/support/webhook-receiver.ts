import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { PATIENCE_MS } from './until.js';

/** One POST as it arrived. `at` is this process's monotonic clock in milliseconds, good for distances only. */
export interface Received {
  /** Place in the order of arrival, from 0. */
  readonly index: number;
  readonly at: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes, for comparing repeats and checking signatures. */
  readonly raw: string;
  readonly body: ReceivedBody;
  /** The one event of the envelope. */
  readonly event: ReceivedEvent;
}

export interface ReceivedBody {
  readonly app: { readonly id: string };
  readonly webhook: { readonly id: string; readonly version: string };
  readonly events: readonly ReceivedEvent[];
}

export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly createdAt: string;
  readonly seq?: number;
  readonly controlEpoch?: number;
  // eslint-disable-next-line typescript/no-explicit-any -- tests read payloads freely
  readonly payload: any;
}

/** What the receiver does with a request: a status at once, later, never, or a torn connection. */
export type Reply =
  | number
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly delayMs?: number;
    }
  | 'hang'
  | 'reset'
  /** Writes the response itself, however badly. */
  | { readonly respond: (response: ServerResponse, socket: Socket) => void };

export type Behaviour = (request: Received) => Reply;

export interface WebhookReceiver {
  readonly url: string;
  readonly port: number;
  /** Everything received so far, in order of arrival. */
  readonly received: readonly Received[];
  /** Answers from now on; 200 until told otherwise. */
  reply(behaviour: Reply | Behaviour): void;
  /** The first request, past or future, that the predicate accepts; rejects at the deadline and says what did arrive. */
  next(predicate?: (request: Received) => boolean, options?: NextOptions): Promise<Received>;
  /** Most requests that were open at the same moment. */
  readonly mostInFlight: number;
  close(): Promise<void>;
}

export interface NextOptions {
  readonly timeoutMs?: number;
  /** Look only at requests from this index on. */
  readonly from?: number;
  readonly what?: string;
}

/** A real HTTP server on a free loopback port that records what webhooks bring and answers as the test wishes. */
export async function webhookReceiver(behaviour: Reply | Behaviour = 200): Promise<WebhookReceiver> {
  const receiver = new Receiver(behaviour);
  await receiver.listen();
  return receiver;
}

interface Waiter {
  readonly from: number;
  readonly predicate: (request: Received) => boolean;
  readonly found: (request: Received) => void;
}

class Receiver implements WebhookReceiver {
  readonly received: Received[] = [];
  mostInFlight = 0;
  private readonly server: Server = createServer((request, response) => void this.take(request, response));
  private readonly sockets = new Set<Socket>();
  private readonly waiters = new Set<Waiter>();
  private open = 0;
  private behaviour: Behaviour = () => 200;

  constructor(behaviour: Reply | Behaviour) {
    this.reply(behaviour);
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  reply(behaviour: Reply | Behaviour): void {
    this.behaviour = typeof behaviour === 'function' ? behaviour : () => behaviour;
  }

  next(predicate: (request: Received) => boolean = () => true, options: NextOptions = {}): Promise<Received> {
    const { timeoutMs = PATIENCE_MS, from = 0, what = 'a webhook' } = options;
    const already = this.received.find((request) => request.index >= from && predicate(request));
    if (already) return Promise.resolve(already);
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { from, predicate, found: (request) => (settle(), resolve(request)) };
      const deadline = setTimeout(() => {
        settle();
        const seen = this.received.map((request) => request.event?.type ?? request.path).join(', ') || 'nothing';
        reject(new Error(`no ${what} within ${timeoutMs} ms; received: ${seen}`));
      }, timeoutMs);
      const settle = (): void => {
        clearTimeout(deadline);
        this.waiters.delete(waiter);
      };
      this.waiters.add(waiter);
    });
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.open += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.open);
    response.on('close', () => (this.open -= 1));
    const received = await this.read(request);
    if (received === null) return;
    this.received.push(received);
    for (const waiter of this.waiters) {
      if (received.index >= waiter.from && waiter.predicate(received)) waiter.found(received);
    }
    this.answer(this.behaviour(received), request.socket, response);
  }

  /** `null` when the sender gave up in the middle of its own request. */
  private async read(request: IncomingMessage): Promise<Received | null> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return null;
    }
    const raw = Buffer.concat(chunks).toString('utf8');
    const body = parsed(raw);
    return {
      index: this.received.length,
      at: performance.now(),
      path: request.url ?? '/',
      headers: request.headers as Record<string, string>,
      raw,
      body,
      event: body?.events?.[0] as ReceivedEvent,
    };
  }

  private answer(reply: Reply, socket: Socket, response: ServerResponse): void {
    if (reply === 'hang') return;
    if (reply === 'reset') return void socket.resetAndDestroy();
    if (typeof reply === 'object' && 'respond' in reply) return reply.respond(response, socket);
    const { status, headers = {}, body = '', delayMs = 0 } = typeof reply === 'number' ? { status: reply } : reply;
    const send = (): void => void response.writeHead(status, headers).end(body);
    if (delayMs > 0) setTimeout(send, delayMs);
    else send();
  }
}

function parsed(raw: string): ReceivedBody {
  try {
    return JSON.parse(raw) as ReceivedBody;
  } catch {
    return {} as ReceivedBody;
  }
}
