import type { FastifyInstance } from 'fastify';
import { Failure } from '../../kernel/index.js';

/** What machines ask of every process, whatever its roles (`platform/telemetry`). */
const FOR_MACHINES = /^\/(health\/|metrics$)/;

/** A process without the role `api` answers 503 to everybody but machines, so that a balancer tries another one. */
export function serveNoApi(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', async ({ routeOptions }) => {
    if (FOR_MACHINES.test(routeOptions.url ?? '')) return;
    throw new Failure('unavailable', 'This process does not serve the API.');
  });
}
