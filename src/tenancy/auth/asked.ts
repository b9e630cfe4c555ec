import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Asked as AskedOf, Author } from '../../configuration/index.js';
import { REQUEST_ID } from '../../platform/http/index.js';
import { callerOf, requestOf } from './access.js';
import { idempotencyOf } from './idempotency.js';
import type { Principal } from './principal.js';

/**
 * Who asks for a change, in which request, at most once under which key: what `ConfigurationChange` wants. The request's
 * id is the caller's `X-Request-Id`, else one of ours; the answer tells it in the same header.
 */
export const Asked = createParamDecorator((_: unknown, context: ExecutionContext): AskedOf => {
  const request = requestOf(context);
  const requestId = request.id;
  void context.switchToHttp().getResponse<FastifyReply>().header(REQUEST_ID, requestId);
  const idempotency = request.method === 'POST' ? idempotencyOf(request) : null;
  return { by: authorOf(callerOf(request)), requestId, idempotency };
});

function authorOf(caller: Principal): Author {
  if (caller.scope === 'user') throw new Error('end users change no settings');
  return { type: caller.scope, keyId: caller.keyId, agentId: caller.scope === 'agent' ? caller.agentId : null };
}
