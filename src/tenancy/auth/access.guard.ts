import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Failure } from '../../kernel/index.js';
import { KnownApps } from '../apps/known-apps.js';
import { ACCESS, admit, appIdInPath, requestOf, type Access } from './access.js';
import { Authenticator } from './authenticator.js';
import type { Principal, Scope } from './principal.js';

/**
 * Lets in who may call a route: 401 for who cannot prove who they are, 403 for another scope or another app's key, 404
 * for an account key's app that does not exist. Answers at once for a key that is known.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly apps: KnownApps,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === 'public') return true;
    if (access === undefined) throw new Error('a route that says nothing of scopes was started');
    const request = requestOf(context);
    const principal = this.authenticator.principalOf(request.headers.authorization);
    return principal instanceof Promise
      ? principal.then((proven) => this.admit(request, access, proven))
      : this.admit(request, access, principal);
  }

  private admit(
    request: FastifyRequest,
    access: ReadonlySet<Scope>,
    principal: Principal | null,
  ): boolean | Promise<boolean> {
    if (principal === null) throw new Failure('unauthorized', 'Authorization is required');
    if (!access.has(principal.scope)) throw forbidden();
    admit(request, principal);
    const appId = appIdInPath(request);
    if (appId === undefined) return true;
    if (principal.scope === 'account') return this.apps.prove(appId);
    if (principal.appId !== appId) throw forbidden();
    return true;
  }
}

function forbidden(): Failure {
  return new Failure('forbidden', 'Forbidden');
}
