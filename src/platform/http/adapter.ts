import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Failure } from '../../kernel/index.js';
import { forNobodyYet } from '../postgres/index.js';
import { answering } from '../telemetry/request-in-hand.js';
import { answerFailure } from './answer-failure.js';
import { BODY_LIMIT, parseBody, refuseTarget } from './bodies.js';
import { keepVerdicts } from './checked-bodies.js';
import { schemaFailure, schemaOptions } from './dto-keyword.js';
import { errorBody } from './error-body.js';
import { failureOf } from './failure-of.js';
import { requestIdIn } from './request-facts.js';
import { statuses } from './statuses.js';

/** An external id has up to 1024 characters, each up to twelve in a URL. */
const LONGEST_PARAMETER = 12 * 1024;

/** Fastify as this API needs it. Nest's own body parser stays off: `NestFactory.create(…, { bodyParser: false })`. */
export function fastifyAdapter(): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    genReqId: ({ headers }: IncomingMessage) => requestIdIn(headers),
    rewriteUrl: ({ url = '/' }) => withoutPrefix(url),
    frameworkErrors: (error: unknown, _request: FastifyRequest, reply: FastifyReply) =>
      answerFailure(reply, failureOf(error)),
    clientErrorHandler: answerBrokenRequest,
    schemaErrorFormatter: (faults) => schemaFailure(faults),
    ajv: schemaOptions,
    forceCloseConnections: 'idle',
  });
  guardRequests(adapter.getInstance());
  return adapter;
}

/** Every `/v2/…` route is served at `/sc/v2/…` too (`sunco.md` 1). */
function withoutPrefix(url: string): string {
  return url.startsWith('/sc/v2/') ? url.slice('/sc'.length) : url;
}

function guardRequests(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseBody(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  fastify.addHook('onRequest', (request, _reply, done) => {
    try {
      refuseTarget(request.originalUrl);
      done();
    } catch (error) {
      done(error as Error);
    }
  });
  // Not sooner: a body that is read leaves the context of those who wait for it.
  fastify.addHook('preHandler', (request, _reply, done) => answering(request, done));
  keepVerdicts(fastify);
  // Behind the reading of the body, whose events belong to the connection.
  fastify.addHook('preHandler', (_request, _reply, done) => forNobodyYet(done));
}

/** Bytes that are no HTTP request never reach a route; they are answered in the same form. */
function answerBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const failure =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new Failure('headers_too_large', 'The URL and the headers of the request are too large')
      : new Failure('bad_request', 'The request is not valid HTTP');
  const status = statuses[failure.code];
  const body = JSON.stringify(errorBody(failure));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n` +
      `content-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n` +
      `connection: close\r\n\r\n${body}`,
  );
}
