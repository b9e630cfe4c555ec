import { HttpException } from '@nestjs/common';
import { Failure, type FailureCode } from '../../kernel/index.js';

/** What Fastify and Nest refuse by themselves, by the status they would have answered. */
const refusals: Readonly<Record<number, readonly [FailureCode, string]>> = {
  400: ['bad_request', 'Bad request'],
  401: ['unauthorized', 'Authorization is required'],
  403: ['forbidden', 'Forbidden'],
  404: ['not_found', 'Resource not found'],
  405: ['method_not_allowed', 'Method not allowed'],
  413: ['payload_too_large', 'The request is larger than 100 kB'],
  414: ['bad_request', 'The URL is too long'],
  415: ['unsupported_media_type', 'The content type must be application/json'],
  503: ['unavailable', 'The server is stopping or overloaded'],
};

/**
 * The `Failure` in whatever was thrown. What nobody expected becomes `internal_error`, which says nothing of its cause
 * to the caller.
 */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  const status = statusOf(thrown);
  const [code, title] = refusals[status] ?? (status < 500 ? refused : unexpected);
  return new Failure(code, title, { cause: thrown, ...(status === 503 && { retryAfterSeconds: 1 }) });
}

const refused: readonly [FailureCode, string] = ['bad_request', 'Bad request'];
const unexpected: readonly [FailureCode, string] = ['internal_error', 'Internal server error'];

/** Only errors of the frameworks carry a status that means something; a `statusCode` on others is chance. */
function statusOf(thrown: unknown): number {
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (!(thrown instanceof Error) || !('code' in thrown) || !('statusCode' in thrown)) return 500;
  const { code, statusCode } = thrown;
  return typeof code === 'string' && code.startsWith('FST_') && typeof statusCode === 'number' ? statusCode : 500;
}
