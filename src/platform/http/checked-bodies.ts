import type { FastifyInstance, FastifyRequest } from 'fastify';
import { InvalidInput } from './invalid-input.js';

/** What a route's own schema said of a body; held until the pipe asks, because the guards come first. */
const verdicts = new WeakMap<object, 'valid' | InvalidInput>();

/** `undefined`: the body's route has no schema, so nobody has judged it. */
export function verdictOf(body: unknown): 'valid' | InvalidInput | undefined {
  return typeof body === 'object' && body !== null ? verdicts.get(body) : undefined;
}

/**
 * Lets routes with a body schema (`RouteSchema({ body: dtoSchema(Dto) })`) skip class-validator: the schema judges,
 * the verdict waits beside the body, and `StrictBodyPipe` tells it after the guards, as it does for every other route.
 */
export function keepVerdicts(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (route.schema?.body === undefined) return;
    route.attachValidation = true;
    route.preHandler = (request, _reply, done) => {
      keep(request);
      done();
    };
  });
}

function keep({ body, validationError }: FastifyRequest): void {
  if (typeof body !== 'object' || body === null) return;
  verdicts.set(body, validationError instanceof InvalidInput ? validationError : 'valid');
}
