import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Failure, type Role } from '../../kernel/index.js';
import { enter, ofApps } from '../../platform/postgres/index.js';
import { KnownApps } from '../apps/known-apps.js';
import { appIdInPath, noteCaller } from './access.js';
import { Authenticator } from './authenticator.js';
import { isGranted, type Grant } from './grants.js';
import { Guesses } from './guesses.js';
import type { Principal, Scope } from './principal.js';
import { UserCalls } from './user-calls.js';

/** What a route says of who may call it. */
export interface Door {
  readonly scopes: ReadonlySet<Scope>;
  /** `null`: agents of every role. */
  readonly roles: ReadonlySet<Role> | null;
  /** `null`: of app keys only whole ones. */
  readonly grant: Grant | null;
}

/**
 * Lets in who may come through a door: 401 for who cannot prove who they are (429 after too many of these, and for an
 * end user who calls too much), 403 for another scope, role, grant or another app's key, 404 for an account key's app that does not exist.
 * Answers at once for a key that is known.
 */
@Injectable()
export class Admission {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly apps: KnownApps,
    private readonly guesses: Guesses,
    private readonly userCalls: UserCalls,
  ) {}

  admit(request: FastifyRequest, door: Door): true | Promise<true> {
    const principal = this.authenticator.principalOf(request.headers.authorization);
    return principal instanceof Promise
      ? principal.then((proven) => this.letIn(request, door, proven))
      : this.letIn(request, door, principal);
  }

  private letIn(request: FastifyRequest, door: Door, principal: Principal | null): true | Promise<true> {
    if (principal === null) throw this.guesses.refusalOf(request.ip);
    if (principal.scope === 'user') this.userCalls.count(principal);
    refuse(door, principal);
    noteCaller(request, principal);
    const appId = appIdInPath(request);
    if (principal.scope === 'account') {
      if (appId === undefined) return true;
      const there = this.apps.prove(appId);
      return there instanceof Promise ? there.then(() => inApp(appId)) : inApp(appId);
    }
    if (appId !== undefined && principal.appId !== appId) throw forbidden();
    return inApp(principal.appId);
  }
}

/** From here on the request sees and writes rows of this app alone. */
function inApp(appId: string): true {
  enter(ofApps([appId]));
  return true;
}

function refuse({ scopes, roles, grant }: Door, principal: Principal): void {
  if (!scopes.has(principal.scope)) throw forbidden();
  if (principal.scope === 'app' && !isGranted(principal.grants, grant))
    throw forbidden(`This needs a key with the scope full${grant === null ? '' : ` or ${grant}`}`);
  if (principal.scope === 'agent' && roles !== null && !roles.has(principal.role))
    throw forbidden(`This needs the role ${[...roles].join(' or ')}`);
}

function forbidden(title = 'Forbidden'): Failure {
  return new Failure('forbidden', title);
}
