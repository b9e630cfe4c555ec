import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import type { FastifyRequest } from 'fastify';
import { noteOurs } from './checked-bodies.js';
import { InvalidInput } from './invalid-input.js';
import { shown, unknownTitle } from './nearest.js';
import { refuseUnknownQuery } from './query-names.js';
import type { Query } from './query.js';
import { isOurs } from './wire-operations.js';

/**
 * Refuses words that an operation of ours does not read, in its query and in a body nobody looks at; what a body that is
 * read may hold is judged by `StrictBodyPipe`, which cannot see the route. Stands behind the guards of modules, so that a
 * stranger is answered 401 first.
 */
@Injectable()
export class KnownNamesGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { method, routeOptions, query, body } = context.switchToHttp().getRequest<FastifyRequest>();
    if (!isOurs(method, routeOptions.url)) return true;
    refuseUnknownQuery(query as Query, context.getHandler());
    if (typeof body !== 'object' || body === null) return true;
    if (readsBody(context)) noteOurs(body);
    else refuseAll(body);
    return true;
  }
}

/** As Nest notes a method's parameters: the kind, a colon, the index. */
const BODY = '3:';

function readsBody(context: ExecutionContext): boolean {
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) ??
    {}) as object;
  return Object.keys(parameters).some((name) => name.startsWith(BODY));
}

function refuseAll(body: object): void {
  const titles = Object.keys(body).map((name) => unknownTitle(shown(name), null, []));
  if (titles.length > 0) throw InvalidInput.of(titles);
}
