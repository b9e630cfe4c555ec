import type { FastifyInstance } from 'fastify';
import type { Health } from './health.js';
import type { Metrics } from './metrics.js';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * `GET /health/live`, `GET /health/ready`, `GET /metrics`, and the figures of every request. Plain Fastify routes: they
 * are asked by machines without keys, and they answer also when a guard could not.
 */
export function serveTelemetry(fastify: FastifyInstance, health: Health, metrics: Metrics): void {
  measureRequests(fastify, metrics);
  fastify.get('/health/live', async () => ({ status: 'live' }));
  fastify.get('/health/ready', async (_request, reply) => {
    const readiness = await health.readiness();
    return reply.status(readiness.ready ? 200 : 503).send(readiness);
  });
  fastify.get('/metrics', async (_request, reply) => {
    const { contentType, body } = await metrics.text();
    return reply.type(contentType).send(body);
  });
}

/** Labelled by the route's pattern, never by its path: what a caller asks for has no bounds. */
function measureRequests(fastify: FastifyInstance, metrics: Metrics): void {
  const duration = metrics.histogram(
    'switchboard_http_request_seconds',
    'From the first byte of a request to the last of its answer.',
    ['method', 'route', 'status'],
    SECONDS,
  );
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.is404 ? 'unknown' : (request.routeOptions.url ?? 'unknown');
    duration.observe({ method: request.method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
    done();
  });
}
