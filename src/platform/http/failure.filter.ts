import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { newId } from '../ids.js';
import { answerFailure } from './answer-failure.js';
import { failureOf } from './failure-of.js';
import { statuses } from './statuses.js';

/**
 * The one place where a failure becomes a status. Faults of ours are logged with an id that the caller is told, and
 * nothing else of them.
 */
@Catch()
export class FailureFilter implements ExceptionFilter {
  readonly #log = new Logger(FailureFilter.name);

  catch(thrown: unknown, host: ArgumentsHost): void {
    const failure = failureOf(thrown);
    const id = statuses[failure.code] >= 500 ? newId() : null;
    if (id !== null) this.#log.error({ id, code: failure.code, err: failure.details.cause ?? thrown }, failure.title);
    answerFailure(host.switchToHttp().getResponse<FastifyReply>(), failure, id);
  }
}
