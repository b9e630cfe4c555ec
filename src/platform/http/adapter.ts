import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Millis } from '../../kernel/index.js';
import type { Config } from '../config/index.js';
import { forNobodyYet } from '../postgres/index.js';
import { answering } from '../telemetry/request-in-hand.js';
import { answerFailure } from './answer-failure.js';
import { BODY_LIMIT, parseBody, refuseTarget } from './bodies.js';
import { answerBrokenRequest } from './broken-requests.js';
import { keepVerdicts } from './checked-bodies.js';
import { schemaFailure, schemaOptions } from './dto-keyword.js';
import { failureOf } from './failure-of.js';
import { requestIdIn } from './request-facts.js';

/** An external id has up to 1024 characters, each up to twelve in a URL. */
const LONGEST_PARAMETER = 12 * 1024;

/** A request that is not whole by then is cut: whoever drips bytes, or sends none, must not hold a socket. */
const REQUEST_MS: Millis = 60_000;

/** What stands between callers and us. */
export type Front = Pick<Config, 'trustProxy' | 'publicUrl'> & { readonly requestMs?: Millis };

const NO_FRONT: Front = { trustProxy: [], publicUrl: null };

declare module 'fastify' {
  interface FastifyInstance {
    /** Where others reach this house; `null`: where the caller did. */
    readonly publicUrl: string | null;
  }
}

/** Fastify as this API needs it. Nest's own body parser stays off: `NestFactory.create(…, { bodyParser: false })`. */
export function fastifyAdapter({ trustProxy, publicUrl, requestMs = REQUEST_MS }: Front = NO_FRONT): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    requestTimeout: requestMs,
    http: { headersTimeout: requestMs, connectionsCheckingInterval: requestMs / 12 },
    trustProxy: trustProxy.length > 0 && [...trustProxy],
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
  const fastify = adapter.getInstance();
  fastify.decorate('publicUrl', publicUrl);
  guardRequests(fastify);
  return adapter;
}

/** Every `/v2/…` and `/oauth/…` route is served under `/sc` too (`docs/wire.md` 1). */
function withoutPrefix(url: string): string {
  return url.startsWith('/sc/v2/') || url.startsWith('/sc/oauth/') ? url.slice('/sc'.length) : url;
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
  fastify.addHook('onRequest', (request, reply, done) => {
    // What an answer says is for its caller alone, and never to be taken for a page or a script.
    void reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
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
