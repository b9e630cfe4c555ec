import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Sender } from '../../src/webhooks/sending/sender.js';
import { TargetGuard } from '../../src/webhooks/sending/target-guard.js';
import type { Attempt } from '../../src/webhooks/sending/outcome.js';

/** For receivers that let us wait until the end. */
const LIMIT_MS = 400;
/** For those that answer: only a machine that stands still takes so long. */
const ENOUGH_MS = 4_000;
/** Reading the rest of an answer may take a second more. */
const REST_MS = 1_000;
const HEAD = 'HTTP/1.1 200 OK\r\n';
const plain = (head: string, body = '') => `HTTP/1.1 ${head}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
const INTERIM = [
  CONTINUE,
  'HTTP/1.1 102 Processing\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n',
  CONTINUE,
];
const ok: Partial<Attempt> = { kind: 'answered', status: 200 };

/** How receivers misbehave, and the outcome that is documented for each. Raw bytes: no server would send these. */
const MISBEHAVIOURS: readonly [string, (socket: Socket) => void, Partial<Attempt>][] = [
  ['never answers', () => undefined, { kind: 'timeout' }],
  ['drips its head', (socket) => drip(socket, HEAD), { kind: 'timeout' }],
  [
    'sends endless headers',
    (socket) => endless(socket, HEAD, 'x-more: yes\r\n'.repeat(500)),
    failed('HPE_HEADER_OVERFLOW'),
  ],
  ['resets before it answers', (socket) => socket.resetAndDestroy(), failed('ECONNRESET')],
  ['closes before it answers', (socket) => socket.destroy(), failed('ECONNRESET')],
  ['half-closes and stays', (socket) => socket.end(), failed('ECONNRESET')],
  ['speaks no HTTP', (socket) => socket.write('hello there\r\n\r\n'), failed('HPE_INVALID_CONSTANT')],
  ['answers as HTTP/0.9 did', (socket) => socket.end('<html>ok</html>'), failed('HPE_INVALID_CONSTANT')],
  [
    'continues for ever',
    (socket) => endless(socket, '', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(50)),
    failed('ENDLESS_INTERIM_ANSWERS'),
  ],
  [
    'switches protocols unasked',
    (socket) => socket.write('HTTP/1.1 101 Yes\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
    failed('ECONNRESET'),
  ],
  // What comes before the answer is none.
  ['continues, then takes it', (socket) => socket.end(CONTINUE + plain('200 OK')), ok],
  ['continues, then refuses', (socket) => socket.end(CONTINUE + plain('503 No')), { status: 503 }],
  ['says everything there is first', (socket) => socket.end(INTERIM.join('') + plain('200 OK')), ok],
  ['continues byte by byte', (socket) => drip(socket, CONTINUE + plain('204 No Content')), { status: 204 }],
  // The status was given, so it counts, whatever becomes of the body.
  ['drips its body', (socket) => drip(socket, 'body', `${HEAD}content-length: 500\r\n\r\n`), ok],
  ['resets in its body', (socket) => torn(socket, (open) => open.resetAndDestroy()), ok],
  ['closes in its body', (socket) => torn(socket, (open) => open.destroy()), ok],
  ['sends an endless body', (socket) => endless(socket, `${HEAD}\r\n`, 'x'.repeat(65_536)), ok],
  [
    'promises a terabyte',
    (socket) => endless(socket, `${HEAD}content-length: 1099511627776\r\n\r\n`, 'x'.repeat(65_536)),
    ok,
  ],
  ['sends a gzip bomb', (socket) => bomb(socket), ok],
  ['lies about its length', (socket) => socket.end(`${HEAD}content-length: 500\r\n\r\nshort`), ok],
  ['answers nothing but a status', (socket) => socket.end('HTTP/1.1 204 No Content\r\n\r\n'), { status: 204 }],
  ['redirects', (socket) => socket.end(plain('302 Found\r\nlocation: http://127.0.0.1/')), { status: 302 }],
  ['redirects for good', (socket) => socket.end(plain('308 Moved\r\nlocation: /else')), { status: 308 }],
  ['is gone', (socket) => socket.end(plain('410 Gone')), { status: 410 }],
  ['asks for time in seconds', (socket) => socket.end(plain('429 Slow\r\nretry-after: 7')), { retryAfterMs: 7_000 }],
  ['asks for time twice', (socket) => socket.end(plain('429 No\r\nretry-after: 7\r\nretry-after: 9')), { status: 429 }],
  [
    'asks for time past',
    (socket) => socket.end(plain('503 No\r\nretry-after: Sun, 01 Mar 2020 10:00:00 GMT')),
    { retryAfterMs: 0 },
  ],
  ['asks for nonsense', (socket) => socket.end(plain('503 No\r\nretry-after: later')), { retryAfterMs: null }],
];

function failed(error: string): Attempt {
  return { kind: 'failed', error };
}

describe('receivers that misbehave', () => {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  });

  async function receiver(answer: (socket: Socket) => void): Promise<string> {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('data', () => answer(socket));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  async function attempt(target: string, timeoutMs = ENOUGH_MS): Promise<{ attempt: Attempt; tookMs: number }> {
    const sender = new Sender({ timeoutMs }, new TargetGuard(['127.0.0.0/8']), Date.now);
    const began = performance.now();
    const made = await sender.send({ target, secret: 's' }, { eventId: 'e', body: '{"a":1}' });
    const tookMs = performance.now() - began;
    await sender.close();
    return { attempt: made, tookMs };
  }

  it.each(MISBEHAVIOURS)('%s', async (_, answer, outcome) => {
    const before = process.memoryUsage().rss;
    const limitMs = outcome.kind === 'timeout' ? LIMIT_MS : ENOUGH_MS;
    const made = await attempt(await receiver(answer), limitMs);
    expect(made.attempt).toMatchObject(outcome);
    expect(made.tookMs).toBeLessThan(limitMs + REST_MS + 1_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
  });

  it('refuses the connection', async () => {
    const target = await receiver(() => undefined);
    await new Promise((resolve) => servers.pop()!.close(resolve));
    expect((await attempt(target)).attempt).toEqual(failed('ECONNREFUSED'));
  });

  it('asks for time with a date', async () => {
    const date = new Date(Date.now() + 60_000).toUTCString();
    const { attempt: made } = await attempt(
      await receiver((socket) => socket.end(plain(`429 Slow\r\nretry-after: ${date}`))),
    );
    expect((made as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(55_000);
  });

  it('follows no redirect', async () => {
    let reached = false;
    const elsewhere = await receiver(() => (reached = true));
    const target = await receiver((socket) => socket.end(plain(`307 Elsewhere\r\nlocation: ${elsewhere}`)));
    expect((await attempt(target)).attempt).toMatchObject({ status: 307 });
    expect(reached).toBe(false);
  });
});

/** Byte by byte; `first` goes at once. */
function drip(socket: Socket, slow: string, first = ''): void {
  socket.write(first);
  let sent = 0;
  const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write(slow[sent++] ?? 'x')), 20);
}

function endless(socket: Socket, head: string, more: string): void {
  socket.write(head);
  const pour = (): void => {
    while (!socket.destroyed && socket.write(more));
  };
  socket.on('drain', () => setImmediate(pour));
  pour();
}

function torn(socket: Socket, tear: (socket: Socket) => void): void {
  socket.write(`${HEAD}content-length: 1000\r\n\r\nbegun`, () => setTimeout(() => tear(socket), 30));
}

function bomb(socket: Socket): void {
  const body = gzipSync(Buffer.alloc(40 * 1024 * 1024));
  socket.write(`${HEAD}content-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`);
  socket.write(body);
}
