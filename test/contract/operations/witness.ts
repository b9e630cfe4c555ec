import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { routePathOf, wireOperations, type WireOperation } from '../../../src/wire/index.js';
import { violations } from '../../support/facts.js';

/** What was seen of one operation. */
export interface Seen {
  readonly statuses: Set<number>;
  /** What was not as the facts say. */
  readonly faults: string[];
}

/** Routes name parameters in their own way: paths are compared by shape. */
export const shapeOf = (method: string, path: string): string => `${method} ${path.replaceAll(/:\w+/g, ':')}`;

export const shapeOfOperation = (operation: WireOperation): string => shapeOf(operation.method, routePathOf(operation));

const known = new Set(wireOperations.map(shapeOfOperation));

/**
 * Notes every answer of a server by the shape of the operation that was asked for, and holds it against the facts. Called before the
 * server listens; what it answers with is filled as answers go out.
 */
export function witness(app: NestFastifyApplication): ReadonlyMap<string, Seen> {
  const seen = new Map<string, Seen>();
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  fastify.addHook('onSend', async ({ method, originalUrl, routeOptions }, reply, payload) => {
    const shape = shapeOf(method, routeOptions.url ?? '');
    if (!known.has(shape)) return payload;
    const one = seen.get(shape) ?? { statuses: new Set(), faults: [] };
    one.statuses.add(reply.statusCode);
    one.faults.push(...violations(method, originalUrl, reply.statusCode, JSON.parse(String(payload))));
    seen.set(shape, one);
    return payload;
  });
  return seen;
}
