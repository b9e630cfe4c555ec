import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Failure } from '../../kernel/index.js';
import { newId } from '../ids.js';
import { answerFailure } from './answer-failure.js';
import { failureOf } from './failure-of.js';
import { requestFacts } from './request-facts.js';
import { statuses } from './statuses.js';

/**
 * The one place where a failure becomes a status. Faults of ours are logged with an id that the caller is told, and
 * nothing else of them.
 */
@Catch()
export class FailureFilter implements ExceptionFilter {
  readonly #log = new Logger(FailureFilter.name);

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** The same for a route of Fastify's own, as its `errorHandler`. */
  answer(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const failure = failureOf(thrown);
    const isOurs = statuses[failure.code] >= 500 && !isExpected(failure);
    answerFailure(reply, failure, isOurs ? this.#tell(request, failure, thrown) : null);
  }

  /** That PostgreSQL cannot be reached is told by every request until it can: expected, so a warning. */
  #tell(request: FastifyRequest, { code, title, details }: Failure, thrown: unknown): string {
    const errorId = newId<string>();
    const facts = { errorId, code, ...requestFacts(request) };
    if (code !== 'unavailable') this.#log.error({ ...facts, err: details.cause ?? thrown }, title);
    else this.#log.warn({ ...facts, ...(details.cause !== undefined && { err: details.cause }) }, title);
    return errorId;
  }
}

/** No fault, though the status says 5xx: what is not there, and what was held back, for a bound refused it (see metrics). */
const isExpected = ({ code, details }: Failure): boolean => code === 'not_implemented' || details.heldMs !== undefined;
