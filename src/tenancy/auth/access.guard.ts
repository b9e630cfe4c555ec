import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ACCESS, GRANT, requestOf, ROLES, type Access } from './access.js';
import { Admission, type Door } from './admission.js';
import type { Grant } from './grants.js';

/** Asks before every route of a controller what the route says of who may call it. */
@Injectable()
export class AccessGuard implements CanActivate {
  readonly #doors = new WeakMap<object, { readonly controller: object; readonly door: Door | 'public' }>();

  constructor(
    private readonly reflector: Reflector,
    private readonly admission: Admission,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const door = this.doorOf(context);
    return door === 'public' || this.admission.admit(requestOf(context), door);
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
}
