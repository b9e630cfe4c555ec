import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import type { FastifyRequest } from 'fastify';
import { connect } from 'node:net';
import request from 'supertest';
import { Failure } from '../../../src/kernel/index.js';
import { BODY_LIMIT, configureHttp, fastifyAdapter, pageOf, paged } from '../../../src/platform/http/index.js';
import { NamedDto } from './named.dto.js';

/** Under a path of the public API, which is lenient; what ours refuse: `test/contract/known-names.spec.ts`. */
@Controller('v2/apps')
class Things {
  @Post() @HttpCode(200) create(@Body() body: NamedDto) {
    return { body: { ...body } };
  }
  @Post('empty') @HttpCode(200) empty() {
    return {};
  }
  @Get() list(@Req() req: FastifyRequest, @Query() query: Record<string, unknown>) {
    const page = pageOf(query);
    const all = Array.from({ length: 60 }, (_, index) => ({ id: index.toString(16).padStart(24, '0') }));
    const from = page.cursor === null ? 0 : all.findIndex(({ id }) => id === page.cursor) + 1;
    const found = page.direction === 'forward' ? all.slice(from) : all.slice(0, Math.max(0, from - 1)).toReversed();
    const { items, ...rest } = paged(req, page, found.slice(0, page.limit));
    return { things: items, ...rest };
  }
  @Get('fail/:how') fail(@Param('how') how: string) {
    if (how === 'busy') throw new Failure('too_many_requests', 'Slow down', { retryAfterSeconds: 0.2 });
    if (how === 'fence') throw new Failure('not_in_control', 'No', { fields: { holder: 'desk' } });
    throw new Error('password=hunter2');
  }
  @Get('echo/:name') echo(@Param('name') name: string) {
    return { name };
  }
}

let app: NestFastifyApplication;
let url: string;

beforeAll(async () => {
  const testing = await Test.createTestingModule({ controllers: [Things] }).compile();
  app = testing.createNestApplication<NestFastifyApplication>(fastifyAdapter(), { bodyParser: false, logger: false });
  configureHttp(app);
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});

afterAll(() => app.close());

const post = (body: string | Buffer, type = 'application/json') =>
  request(url).post('/v2/apps').set('content-type', type).send(body);

function expectErrors(response: request.Response, status: number, code: string, title?: string): void {
  expect(response.status).toBe(status);
  expect(response.headers['content-type']).toMatch(/^application\/json/);
  expect(response.body.errors[0]).toMatchObject(title === undefined ? { code } : { code, title });
  expect(typeof response.body.errors[0].title).toBe('string');
}

describe('errors', () => {
  it('answers an unknown route, and a known one with another method, as JSON', async () => {
    expectErrors(await request(url).get('/nowhere'), 404, 'not_found', 'Resource not found');
    expectErrors(await request(url).delete('/v2/apps'), 404, 'not_found');
  });

  it('hides what failed inside, and names the log line', async () => {
    const response = await request(url).get('/v2/apps/fail/inside');
    expectErrors(response, 500, 'internal_error', 'Internal server error');
    expect(response.text).not.toContain('hunter2');
    expect(response.headers['switchboard-error-id']).toMatch(/^[0-9a-f]{24}$/);
  });

  it('says when to come back, in whole seconds, and carries further fields', async () => {
    const busy = await request(url).get('/v2/apps/fail/busy');
    expectErrors(busy, 429, 'too_many_requests');
    expect(busy.headers['retry-after']).toBe('1');
    const fence = await request(url).get('/v2/apps/fail/fence');
    expect(fence.body).toEqual({ errors: [{ code: 'not_in_control', title: 'No', holder: 'desk' }] });
  });

  it('answers bytes that are no request, and headers without end', async () => {
    expect(await raw('NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1.1 400 [^]*application\/json[^]*"errors"/);
    const endless = `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'a'.repeat(40_000)}\r\n\r\n`;
    expect(await raw(endless)).toMatch(/^HTTP\/1.1 431 [^]*"errors"/);
  });
});

describe('bodies', () => {
  it.each([
    ['malformed', '{"name":', 'The body is not valid JSON'],
    ['NUL in a value', '{"name":"a\\u0000"}', undefined],
    ['NUL in a key', '{"a\\u0000":1}', undefined],
    ['half a surrogate pair', '{"name":"\\ud800"}', undefined],
    ['deep nesting', '['.repeat(5_000) + ']'.repeat(5_000), undefined],
    ['a prototype', '{"__proto__":{"polluted":true},"name":"a"}', undefined],
    ['an array', '[]', 'The body should be object'],
    ['null', 'null', 'The body should be object'],
    ['a string', '"text"', 'The body should be object'],
  ])('refuses %s with 400', async (_what, body, title) => {
    expectErrors(await post(body), 400, 'bad_request', title);
  });

  it('refuses bytes that are not UTF-8', async () => {
    const response = await fetch(`${url}/v2/apps`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from('7b226e616d65223a22ff227d', 'hex'),
    });
    expect([response.status, await response.json()]).toEqual([
      400,
      { errors: [{ code: 'bad_request', title: 'The body is not valid UTF-8' }] },
    ]);
  });

  it('refuses another content type with 415, and more than 100 kB with 413', async () => {
    expectErrors(await post('name=a', 'application/x-www-form-urlencoded'), 415, 'unsupported_media_type');
    const fits = JSON.stringify({ name: 'a', rest: 'x'.repeat(BODY_LIMIT - 50) });
    expect((await post(fits)).status).toBe(200);
    expectErrors(await post(JSON.stringify({ name: 'x'.repeat(BODY_LIMIT) })), 413, 'payload_too_large');
  });

  it('takes a POST without a body, with and without a content type', async () => {
    const bare = await raw('POST /v2/apps/empty HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    expect(bare).toMatch(/^HTTP\/1.1 200 [^]*application\/json[^]*\{\}$/);
    const typed = await request(url).post('/v2/apps/empty').set('content-type', 'application/json');
    expect([typed.status, typed.text]).toEqual([200, '{}']);
  });

  it('drops fields that the DTO does not name, and tells every fault of those it names', async () => {
    expect((await post('{"name":"a","more":1,"constructor":{}}')).body).toEqual({ body: { name: 'a' } });
    expect((await post('{}')).body.errors).toEqual([
      { code: 'bad_request', title: "should have required property 'name'" },
    ]);
    const { errors } = (await post('{"name":5,"size":"big"}')).body;
    expect(errors.map(({ title }: { title: string }) => title).join('\n')).toMatch(/name should [^]*size should /);
  });
});

describe('targets', () => {
  it.each(['/v2/apps/echo/%', '/v2/apps/echo/%00', '/v2/apps/echo/%ED%A0%80', '/v2/apps?filter=%00', '/%zz'])(
    'refuses %s with 400',
    async (path) => {
      const answer = await raw(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1.1 400 [^]*application\/json[^]*"bad_request"/);
    },
  );

  it('serves /v2 at /sc/v2 too, and takes encoded slashes and long ids in a path', async () => {
    const id = 'x/y '.repeat(256);
    const response = await request(url).get(`/sc/v2/apps/echo/${encodeURIComponent(id)}`);
    expect(response.body).toEqual({ name: id });
  });
});

describe('pages', () => {
  const ids = (response: request.Response) =>
    response.body.things.map(({ id }: { id: string }) => Number.parseInt(id, 16)) as number[];

  it('walks forward and back by links, under the prefix of the caller', async () => {
    const first = await request(url).get('/sc/v2/apps?page%5Bsize%5D=40&filter%5Bx%5D=1');
    expect(ids(first)).toHaveLength(40);
    expect(first.body.meta).toEqual({ hasMore: true, afterCursor: first.body.things[39].id });
    expect(first.body.links.next).toMatch(/^http:\/\/127.0.0.1:\d+\/sc\/v2\/apps\?.*filter/);
    const second = await request(first.body.links.next).get('');
    expect(ids(second)).toEqual(Array.from({ length: 20 }, (_, index) => index + 40));
    expect(second.body.meta).toEqual({ hasMore: false, beforeCursor: second.body.things[0].id });
    expect(ids(await request(second.body.links.prev).get(''))).toEqual(ids(first));
  });

  it('has a default, and says nothing of pages that are not there', async () => {
    expect(ids(await request(url).get('/v2/apps'))).toHaveLength(25);
    const whole = await request(url).get('/v2/apps?page[size]=100');
    expect(whole.body.meta).toEqual({ hasMore: false });
    expect(whole.body.links).toBeUndefined();
  });

  it.each([
    'size]=0',
    'size]=101',
    'size]=x',
    'size]=1&page[size]=2',
    'after]=short',
    'before]=%20',
    'before]=',
    'size]=',
  ])('refuses page[%s', async (rest) => {
    expectErrors(await request(url).get(`/v2/apps?page[${rest}`), 400, 'bad_request', 'Invalid page query parameters');
  });

  it('refuses both cursors, and reads the JSON of old clients', async () => {
    const id = 'a'.repeat(24);
    expectErrors(await request(url).get(`/v2/apps?page[after]=${id}&page[before]=${id}`), 400, 'bad_request');
    const old = encodeURIComponent(JSON.stringify({ after: '9'.padStart(24, '0'), size: 3 }));
    const page = await request(url).get(`/v2/apps?page=${old}`);
    expect(ids(page)).toEqual([10, 11, 12]);
    expect(ids(await request(page.body.links.next).get(''))).toEqual([13, 14, 15]);
    expect((await request(url).get('/v2/apps?page=junk')).status).toBe(200);
  });
});

/** One request as bytes, and all that comes back. */
function raw(bytes: string): Promise<string> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('close', () => resolve(answer));
    socket.on('error', (error) => (answer === '' ? reject(error) : resolve(answer)));
  });
}
