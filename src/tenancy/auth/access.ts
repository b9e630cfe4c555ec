import { createParamDecorator, SetMetadata, type CustomDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { AppId, Role } from '../../kernel/index.js';
import { Noted, tellApp } from '../../platform/http/index.js';
import type { Grant } from './grants.js';
import type { Principal, Scope } from './principal.js';

export const ACCESS = 'switchboard:access';
export const ROLES = 'switchboard:roles';
export const GRANT = 'switchboard:grant';

/** Which scopes may call a route; `public`: nobody is asked. Every route must say (`routes-declared.ts`). */
export type Access = ReadonlySet<Scope> | 'public';

/** On a controller or a method; the method's word counts. */
export function Allow(...scopes: readonly [Scope, ...Scope[]]): CustomDecorator {
  return SetMetadata(ACCESS, new Set(scopes));
}

/**
 * Which agents may call a route that allows `agent`; without it, all may. On a controller or a method; the method's word
 * counts. Keys are not asked for a role.
 */
export function Roles(...roles: readonly [Role, ...Role[]]): CustomDecorator {
  return SetMetadata(ROLES, new Set(roles));
}

/** The grant with which an app's key may call a route that allows `app`; without it, only a whole key may. */
export function Grants(grant: Exclude<Grant, 'full'>): CustomDecorator {
  return SetMetadata(GRANT, grant);
}

export function Public(): CustomDecorator {
  return SetMetadata(ACCESS, 'public');
}

const callers = new Noted<Principal>('caller');

/** For the admission alone: notes who was proven to call. */
export function noteCaller(request: FastifyRequest, caller: Principal): void {
  callers.note(request, caller);
  if ('appId' in caller && appIdInPath(request) === undefined) tellApp(request, caller.appId);
}

/** `null` on a route for everybody. */
export function provenCallerOf(request: FastifyRequest): Principal | null {
  return callers.of(request) ?? null;
}

/** The proven caller of a request. */
export function callerOf(request: FastifyRequest): Principal {
  const caller = callers.of(request);
  if (caller === undefined) throw new Error('a public route has no caller');
  return caller;
}

export const Caller = createParamDecorator((_: unknown, context: ExecutionContext) => callerOf(requestOf(context)));

export const AppIdOf = createParamDecorator((_: unknown, context: ExecutionContext) => appIdOf(requestOf(context)));

/** The path's app, which the guard has found to exist and to be the caller's; without one in the path, the caller's. */
export function appIdOf(request: FastifyRequest): AppId {
  const caller = callerOf(request);
  const appId = appIdInPath(request) ?? ('appId' in caller ? caller.appId : undefined);
  if (appId === undefined) throw new Error('a route without :appId has no app for an account key');
  return appId as AppId;
}

export function appIdInPath(request: FastifyRequest): string | undefined {
  return (request.params as Readonly<Record<string, string | undefined>> | undefined)?.['appId'];
}

export function requestOf(context: ExecutionContext): FastifyRequest {
  return context.switchToHttp().getRequest<FastifyRequest>();
}
