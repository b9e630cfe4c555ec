import { createConnection, type Socket } from 'node:net';
import { Body, Controller, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { configureHttp, fastifyAdapter } from '../../../src/platform/http/index.js';
import { until } from '../../support/until.js';

const REQUEST_MS = 600;

@Controller('v2/things')
class Things {
  @Post() create(@Body() body: unknown) {
    return { body };
  }
}

let app: NestFastifyApplication;
const sockets: Socket[] = [];

beforeAll(async () => {
  const testing = await Test.createTestingModule({ controllers: [Things] }).compile();
  const adapter = fastifyAdapter({ trustProxy: [], publicUrl: null, requestMs: REQUEST_MS });
  app = testing.createNestApplication<NestFastifyApplication>(adapter, { bodyParser: false, logger: false });
  configureHttp(app);
  await app.listen(0, '127.0.0.1');
});
afterAll(() => app.close());
afterEach(() => sockets.splice(0).forEach((socket) => socket.destroy()));

const open = (): Promise<number> =>
  new Promise((resolve, reject) =>
    app
      .getHttpServer()
      .getConnections((error: Error | null, count: number) => (error ? reject(error) : resolve(count))),
  );

/** Keeps its half of the connection open, whatever the server says. */
async function stubborn(first: string): Promise<{ readonly socket: Socket; readonly heard: () => string }> {
  const { port } = new URL(await app.getUrl());
  const socket = createConnection({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
  sockets.push(socket);
  let heard = '';
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
  socket.on('error', () => undefined);
  if (first !== '') socket.write(first);
  return { socket, heard: () => heard };
}

describe('sockets', () => {
  it('go a moment after garbage, whoever ignores that we closed', async () => {
    const callers = await Promise.all(Array.from({ length: 30 }, () => stubborn('NONSENSE\r\n\r\n')));
    await until(() => callers.every(({ heard }) => heard().includes('"errors"')), { what: 'an answer to each' });
    expect(callers[0]?.heard()).toMatch(/^HTTP\/1.1 400 /);
    await until(async () => (await open()) === 0, { what: 'all sockets to go' });
  });

  it('go when a body drips, with an answer that says so', async () => {
    const head =
      'POST /v2/things HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n';
    const { socket, heard } = await stubborn(head);
    const drip = setInterval(() => socket.write(' '), 20);
    await until(() => heard() !== '', { what: 'an answer' });
    expect(heard()).toMatch(/^HTTP\/1.1 408 [^]*"request_timeout"/);
    await until(async () => (await open()) === 0, { what: 'the socket to go' });
    clearInterval(drip);
  });

  it.each(['', 'GET /v2/thi'])('go when no more comes than %j', async (first) => {
    await stubborn(first);
    await until(async () => (await open()) === 1, { what: 'the socket to be there' });
    await until(async () => (await open()) === 0, { what: 'the socket to go' });
  });
});
