import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { violations } from './facts.js';

/**
 * Holds every JSON answer of a started app against the facts of the public API. The list that it returns is filled as
 * answers go out; whoever closes the app fails when it is not empty.
 */
export function watchAnswers(app: NestFastifyApplication): readonly string[] {
  const found: string[] = [];
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  fastify.addHook('onSend', async (request, reply, payload) => {
    const type = String(reply.getHeader('content-type') ?? '');
    const known = /^(\/sc)?\/(v2|client|oauth)\//.test(request.originalUrl);
    if (!known || typeof payload !== 'string') return payload;
    if (!type.includes('application/json')) {
      found.push(`${request.method} ${request.originalUrl}: answered as "${type}"`);
      return payload;
    }
    found.push(...violations(request.method, request.originalUrl, reply.statusCode, JSON.parse(payload)));
    return payload;
  });
  return found;
}
