import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { newId } from '../ids.js';
import { Noted } from './noted.js';

export const REQUEST_ID = 'x-request-id';

/** Printable ASCII, as header values are. */
const GIVEN = /^[\x21-\x7e]{1,128}$/;

/** Names in paths that say whom a request concerns. */
const SUBJECTS = ['appId', 'conversationId', 'sessionId', 'agentId', 'workItemId'];

const apps = new Noted<string>('app');

/** The caller's `X-Request-Id`, else one of ours. */
export function requestIdIn(headers: IncomingHttpHeaders): string {
  const given = headers[REQUEST_ID];
  return typeof given === 'string' && GIVEN.test(given) ? given : newId();
}

/** Notes for which app a proven caller asks, where the path does not say it. */
export function tellApp(request: FastifyRequest, appId: string): void {
  apps.note(request, appId);
}

/** What the log tells of a request: its id, its route, and the ids of what it concerns. Nothing that the caller wrote. */
export function requestFacts(request: FastifyRequest): Readonly<Record<string, string | undefined>> {
  const params = (request.params ?? {}) as Readonly<Record<string, string | undefined>>;
  const subjects = SUBJECTS.filter((name) => params[name] !== undefined).map((name) => [name, params[name]]);
  return {
    requestId: request.id,
    appId: apps.of(request),
    ...(Object.fromEntries(subjects) as Record<string, string>),
    method: request.method,
    route: request.routeOptions?.url ?? 'unknown',
  };
}
