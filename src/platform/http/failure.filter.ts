import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Failure } from '../../kernel/index.js';
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
    if (id !== null) this.#tell({ id, code: failure.code, err: failure.details.cause ?? thrown }, failure);
    answerFailure(host.switchToHttp().getResponse<FastifyReply>(), failure, id);
  }

  /** That PostgreSQL cannot be reached is told by every request until it can: expected, so a warning. */
  #tell(facts: object, { code, title }: Failure): void {
    if (code === 'unavailable') this.#log.warn(facts, title);
    else this.#log.error(facts, title);
  }
}
