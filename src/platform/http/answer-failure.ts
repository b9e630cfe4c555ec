import type { FastifyReply } from 'fastify';
import type { Failure } from '../../kernel/index.js';
import { errorBody } from './error-body.js';
import { REQUEST_ID } from './request-facts.js';
import { statuses } from './statuses.js';

/** Answers that are held back at once; one more is given at once. */
const MOST_HELD = 2_000;

let held = 0;

/**
 * Answers with the failure's status and entries; `id` names the log line of a fault of ours, which also has the
 * request's own id.
 */
export function answerFailure(reply: FastifyReply, failure: Failure, id: string | null = null): void {
  const { heldMs } = failure.details;
  if (heldMs === undefined || held >= MOST_HELD) return answer(reply, failure, id);
  held += 1;
  setTimeout(() => {
    held -= 1;
    answer(reply, failure, id);
  }, heldMs);
}

function answer(reply: FastifyReply, failure: Failure, id: string | null): void {
  if (reply.sent || reply.raw.headersSent) return;
  const { retryAfterSeconds } = failure.details;
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(Math.ceil(retryAfterSeconds)));
  if (statuses[failure.code] === 401) void reply.header('www-authenticate', challengeOf(reply.request.originalUrl));
  if (id !== null) void reply.header('switchboard-error-id', id).header(REQUEST_ID, reply.request.id);
  void reply.removeHeader('content-type').status(statuses[failure.code]).send(errorBody(failure));
}

/** How to prove who one is (RFC 9110, 11.6.1). A page is never asked for a password: end users have tokens only. */
const challengeOf = (url: string): string =>
  url.startsWith('/client/') ? BEARER : `Basic realm="switchboard", charset="UTF-8", ${BEARER}`;

const BEARER = 'Bearer realm="switchboard"';
