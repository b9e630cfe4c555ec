import { Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { ACCESS, GRANT, ROLES, type Access } from './access.js';
import type { Scope } from './principal.js';

interface Route {
  readonly controller: Type;
  readonly method: () => unknown;
}

/**
 * Refuses to start with a route that says nothing of who may call it, or names roles or a grant for somebody it does not
 * allow: forgetting must not open a door, and a rule that holds for nobody is a mistake.
 */
@Injectable()
export class DeclaredRoutes implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const routes = this.discovery.getControllers().flatMap(({ metatype }) => this.routesOf(metatype as Type));
    const silent = routes.filter((route) => this.accessOf(route) === undefined).map(nameOf);
    if (silent.length > 0) throw new Error(`routes without @Allow or @Public: ${silent.join(', ')}`);
    const idle = routes.filter((route) => this.isIdle(route, ROLES, 'agent') || this.isIdle(route, GRANT, 'app'));
    if (idle.length > 0)
      throw new Error(`routes with @Roles or @Grants for whom they do not allow: ${idle.map(nameOf).join(', ')}`);
  }

  private routesOf(controller: Type): Route[] {
    const prototype = controller.prototype as Record<string, () => unknown>;
    return this.scanner
      .getAllMethodNames(prototype)
      .map((name) => ({ controller, method: prototype[name] }))
      .filter((route): route is Route => Reflect.hasMetadata(PATH_METADATA, route.method ?? (() => null)));
  }

  private accessOf({ controller, method }: Route): Access | undefined {
    return this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [method, controller]);
  }

  /** What a controller says of most of its routes may be idle for one that has a word of its own. */
  private isIdle(route: Route, rule: string, scope: Scope): boolean {
    const { controller, method } = route;
    const access = this.accessOf(route);
    if (access === undefined || (access !== 'public' && access.has(scope))) return false;
    const ofController = this.reflector.get<Access | undefined>(ACCESS, method) === undefined;
    const said = this.reflector.get<unknown>(rule, method) ?? (ofController && this.reflector.get(rule, controller));
    return Boolean(said);
  }
}

function nameOf({ controller, method }: Route): string {
  return `${controller.name}.${method.name}`;
}
