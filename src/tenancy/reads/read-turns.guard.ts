import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../../kernel/index.js';
import { Noted } from '../../platform/http/index.js';
import { appIdInPath, provenCallerOf, requestOf } from '../auth/access.js';
import type { Principal } from '../auth/principal.js';
import { ReadTurns, type EndRead } from './read-turns.js';
import type { TurnTaker } from './turns.js';

const reads = new Noted<EndRead>('read');

/** Lets a read begin when it is its turn. Stands behind the guard that proves who calls; changes pass at once. */
@Injectable()
export class ReadTurnsGuard implements CanActivate {
  constructor(private readonly turns: ReadTurns) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = requestOf(context);
    if (request.method !== 'GET' && request.method !== 'HEAD') return true;
    return this.begin(request, context.switchToHttp().getResponse<FastifyReply>());
  }

  private async begin(request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    const end = await this.turns.begin(takerOf(request));
    if (request.raw.socket.destroyed) {
      end();
      throw new Failure('unavailable', 'The caller has left.');
    }
    reads.note(request, end);
    // For what is never sent, as when the caller leaves.
    reply.raw.once('close', end);
    return true;
  }
}

/** For the hook that runs when an answer is ready: sending it takes as long as the caller likes, and needs no turn. */
export function endReadOf(request: FastifyRequest): void {
  reads.of(request)?.();
}

/** Routes for everybody are read as one app. */
function takerOf(request: FastifyRequest): TurnTaker {
  const caller = provenCallerOf(request);
  if (caller === null) return { app: 'public', caller: request.ip };
  return { app: appIdInPath(request) ?? ('appId' in caller ? caller.appId : 'account'), caller: nameOf(caller) };
}

function nameOf(caller: Principal): string {
  switch (caller.scope) {
    case 'user':
      return `user ${caller.externalId}`;
    case 'agent':
      return `agent ${caller.agentId}`;
    case 'integration':
      return `integration ${caller.integrationId}`;
    default:
      return `key ${caller.keyId}`;
  }
}
