import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Failure } from '../../kernel/index.js';
import { enter, ofApps } from '../../platform/postgres/index.js';
import { KnownApps } from '../apps/known-apps.js';
import { ACCESS, admit, appIdInPath, GRANT, requestOf, ROLES, type Access } from './access.js';
import { Authenticator } from './authenticator.js';
import { Guesses } from './guesses.js';
import { isGranted, type Grant, type Role } from './grants.js';
import type { Principal, Scope } from './principal.js';
import { UserCalls } from './user-calls.js';

/** What a route says of who may call it. */
interface Door {
  readonly scopes: ReadonlySet<Scope>;
  /** `null`: agents of every role. */
  readonly roles: ReadonlySet<Role> | null;
  /** `null`: of app keys only whole ones. */
  readonly grant: Grant | null;
}

/**
 * Lets in who may call a route: 401 for who cannot prove who they are (429 after too many of these, and for an end user who calls too much), 403 for another scope, role, grant or another
 * app's key, 404 for an account key's app that does not exist. Answers at once for a key that is known.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  readonly #doors = new WeakMap<object, { readonly controller: object; readonly door: Door | 'public' }>();

  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly apps: KnownApps,
    private readonly guesses: Guesses,
    private readonly userCalls: UserCalls,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const door = this.doorOf(context);
    if (door === 'public') return true;
    const request = requestOf(context);
    const principal = this.authenticator.principalOf(request.headers.authorization);
    return principal instanceof Promise
      ? principal.then((proven) => this.admit(request, door, proven))
      : this.admit(request, door, principal);
  }

  /** Read once per route: what it says cannot change. */
  private doorOf(context: ExecutionContext): Door | 'public' {
    const [handler, controller] = [context.getHandler(), context.getClass()];
    const known = this.#doors.get(handler);
    if (known !== undefined && known.controller === controller) return known.door;
    const said = <T>(what: string): T | undefined => this.reflector.getAllAndOverride(what, [handler, controller]);
    const scopes = said<Access>(ACCESS);
    if (scopes === undefined) throw new Error('a route that says nothing of scopes was started');
    const door =
      scopes === 'public'
        ? scopes
        : { scopes, roles: said<Door['roles']>(ROLES) ?? null, grant: said<Grant>(GRANT) ?? null };
    this.#doors.set(handler, { controller, door });
    return door;
  }

  private admit(request: FastifyRequest, door: Door, principal: Principal | null): boolean | Promise<boolean> {
    if (principal === null) throw this.guesses.refusalOf(request.ip);
    if (principal.scope === 'user') this.userCalls.count(principal);
    refuse(door, principal);
    admit(request, principal);
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
