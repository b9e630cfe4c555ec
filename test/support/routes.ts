import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';

/** One route as Fastify serves it: `GET`, `/v2/apps/:appId`. */
export interface ServedRoute {
  readonly method: string;
  readonly path: string;
}

/**
 * Every route of an application, told by Fastify itself as they are added: what nobody thought of is in it too. To be
 * called before the application listens (`startApp({ prepare })`). Those that only say that an operation of the wire is
 * missing serve nothing: they are {@link missingRoutes}.
 */
export const servedRoutes = (app: NestFastifyApplication): readonly ServedRoute[] => routesWhere(app, false);

/** Every route that answers 501 and does nothing else (`src/wire`). Called as `servedRoutes` is. */
export const missingRoutes = (app: NestFastifyApplication): readonly ServedRoute[] => routesWhere(app, true);

function routesWhere(app: NestFastifyApplication, missing: boolean): readonly ServedRoute[] {
  const found: ServedRoute[] = [];
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  fastify.addHook('onRoute', ({ method, url, config }) => {
    if ((config?.missing !== undefined) !== missing) return;
    for (const one of [method].flat()) found.push({ method: one, path: url });
  });
  return found;
}

/** The path with its parameters filled in; a parameter without a value is a fault of the spec. */
export function pathOf(route: ServedRoute, params: Readonly<Record<string, string>>): string {
  return route.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`no value for :${name} of ${route.path}`);
    return encodeURIComponent(value);
  });
}

/** The names of a route's parameters. */
export function paramsOf({ path }: ServedRoute): string[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '');
}
