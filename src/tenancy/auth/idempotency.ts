import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Failure } from '../../kernel/index.js';
import type { IdempotencyKey } from '../../ledger/index.js';
import { callerOf, requestOf } from './access.js';
import type { Principal } from './principal.js';

/** Printable ASCII, as header values are. */
const HEADER = /^[\x21-\x7e]{1,255}$/;

/** The `Idempotency-Key` of the request, bound to its caller, method, path and body (I8); `null` when it sent none. */
export const Idempotency = createParamDecorator((_: unknown, context: ExecutionContext) =>
  idempotencyOf(requestOf(context)),
);

/** `Failure('bad_request')` for a header that is empty, longer than 255 characters or not printable. */
export function idempotencyOf(request: FastifyRequest): IdempotencyKey | null {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return null;
  if (typeof header !== 'string' || !HEADER.test(header))
    throw new Failure('bad_request', 'Idempotency-Key must be 1 to 255 printable characters');
  const caller = callerOf(request);
  const [path] = request.url.split('?', 1);
  const who = [caller.keyId, behind(caller)];
  return {
    key: sha256([...who, request.method, path, header]),
    fingerprint: sha256(request.body ?? null),
  };
}

/** Who stands behind a key that many share. */
function behind(caller: Principal): string | null {
  if (caller.scope === 'user') return caller.externalId;
  return caller.scope === 'agent' ? caller.agentId : null;
}

function sha256(value: unknown): Buffer {
  return createHash('sha256').update(JSON.stringify(value)).digest();
}
