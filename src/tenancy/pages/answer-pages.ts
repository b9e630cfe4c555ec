import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../../kernel/index.js';
import { FailureFilter, Noted } from '../../platform/http/index.js';
import type { Pages } from './pages.js';

const PREFIX = '/client/v1/apps/:appId';
const OF_CLIENT_API = /^\/client\/v1\/apps\/([^/?]+)\//;

/** What the client API takes, and what it reads of a request. */
const METHODS = 'GET, POST, PUT, PATCH, DELETE';
const REQUEST_HEADERS = 'authorization, content-type, idempotency-key, prefer, x-request-id';
/** What a page needs of an answer and would not see otherwise. */
const ANSWER_HEADERS =
  'retry-after, switchboard-error-id, x-request-id, switchboard-seq, switchboard-control-epoch, www-authenticate';
/** Browsers ask again after two hours at the latest. */
const PREFLIGHT_SECONDS = 7_200;

/**
 * Cross-origin calls of the client API (Fetch, "CORS protocol"), without credentials of the browser's own: a token is all
 * that proves an end user. Every answer there says for which pages it is, errors too; nothing beside `/client/v1` does.
 */
export function answerPages(fastify: FastifyInstance, pages: Pages): void {
  const asked = new Noted<Promise<boolean>>('pages that may read');
  const ask = (request: FastifyRequest): Promise<boolean> => {
    const known = asked.of(request);
    if (known !== undefined) return known;
    const answer = mayRead(request, pages);
    asked.note(request, answer);
    // Told by whoever waits for it.
    answer.catch(() => undefined);
    return answer;
  };

  const failures = new FailureFilter();
  const errorHandler = failures.answer.bind(failures);
  fastify.options(`${PREFIX}/*`, { errorHandler }, async (request, reply) => {
    requirePreflight(request);
    if (!(await ask(request))) throw notLetIn(request);
    return reply
      .status(204)
      .header('access-control-allow-methods', METHODS)
      .header('access-control-allow-headers', REQUEST_HEADERS)
      .header('access-control-max-age', String(PREFLIGHT_SECONDS))
      .send();
  });
  // At once, beside the work of the request: while the database is away both wait for it, and no one twice.
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (isOfClientApi(request)) void ask(request);
    done();
  });
  fastify.addHook('onSend', async (request, reply, payload) => {
    if (isOfClientApi(request)) sayForWhom(request, reply, await ask(request).catch(() => false));
    return payload;
  });
}

const isOfClientApi = ({ url }: FastifyRequest): boolean => OF_CLIENT_API.test(url);

async function mayRead({ url, headers: { origin } }: FastifyRequest, pages: Pages): Promise<boolean> {
  const [, appId] = OF_CLIENT_API.exec(url) ?? [];
  return appId !== undefined && origin !== undefined && pages.mayCall(appId, origin);
}

function sayForWhom({ headers: { origin }, method }: FastifyRequest, reply: FastifyReply, isLetIn: boolean): void {
  // Whatever is kept of an answer is kept for one origin.
  void reply.header('vary', 'origin');
  if (!isLetIn || origin === undefined) return;
  void reply.header('access-control-allow-origin', origin);
  if (method !== 'OPTIONS') void reply.header('access-control-expose-headers', ANSWER_HEADERS);
}

/** Any other OPTIONS asks for a route that is not there. */
function requirePreflight({ headers }: FastifyRequest): void {
  if (headers.origin === undefined || headers['access-control-request-method'] === undefined)
    throw new Failure('not_found', 'Resource not found');
}

/** The same for an app that does not exist: who asks has proven nothing. */
function notLetIn({ headers: { origin } }: FastifyRequest): Failure {
  return new Failure(
    'forbidden',
    `Pages of ${shown(origin)} may not call this app: see allowedOrigins in its settings`,
  );
}

const shown = (origin = ''): string => (/^[\x21-\x7e]{1,300}$/.test(origin) ? origin : 'this origin');
