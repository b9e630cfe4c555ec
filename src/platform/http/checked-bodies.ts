import type { FastifyInstance, FastifyRequest } from 'fastify';
import { unknownNames } from './body-names.js';
import { dtoOf } from './dto-schema.js';
import { InvalidInput } from './invalid-input.js';
import { isOurs } from './wire-operations.js';

/** What a route's own schema said of a body; held until the pipe asks, because the guards come first. */
const verdicts = new WeakMap<object, 'valid' | InvalidInput>();

/** What stood in a body before its schema dropped it. */
const unknown = new WeakMap<object, readonly string[]>();

const ours = new WeakSet<object>();

/** `undefined`: the body's route has no schema, so nobody has judged it. */
export function verdictOf(body: unknown): 'valid' | InvalidInput | undefined {
  return typeof body === 'object' && body !== null ? verdicts.get(body) : undefined;
}

/** The body is that of an operation of ours, where no word is passed over. */
export function noteOurs(body: object): void {
  ours.add(body);
}

export const isOfOurs = (body: unknown): boolean => typeof body === 'object' && body !== null && ours.has(body);

/**
 * Lets routes with a body schema (`RouteSchema({ body: dtoSchema(Dto) })`) skip class-validator: the schema judges,
 * the verdict waits beside the body, and `StrictBodyPipe` tells it after the guards, as it does for every other route.
 */
export function keepVerdicts(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    const schema = route.schema?.body;
    if (schema === undefined) return;
    const dto = dtoOf(schema);
    const judgesNames = dto !== undefined && [route.method].flat().some((method) => isOurs(method, route.url));
    route.attachValidation = true;
    if (judgesNames)
      route.preValidation = ({ body }, _reply, done) => {
        if (typeof body === 'object' && body !== null) unknown.set(body, unknownNames(dto, body, true));
        done();
      };
    route.preHandler = (request, _reply, done) => {
      keep(request);
      done();
    };
  });
}

function keep({ body, validationError }: FastifyRequest): void {
  if (typeof body !== 'object' || body === null) return;
  const titles = [
    ...(unknown.get(body) ?? []),
    ...(validationError instanceof InvalidInput ? validationError.titles : []),
  ];
  verdicts.set(body, titles.length > 0 ? InvalidInput.of(titles) : 'valid');
}
