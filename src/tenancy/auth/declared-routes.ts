import { Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { ACCESS } from './access.js';

/** Refuses to start with a route that says nothing of who may call it: forgetting must not open a door. */
@Injectable()
export class DeclaredRoutes implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const silent = this.discovery.getControllers().flatMap(({ metatype }) => this.silentRoutes(metatype as Type));
    if (silent.length > 0) throw new Error(`routes without @Allow or @Public: ${silent.join(', ')}`);
  }

  private silentRoutes(controller: Type): string[] {
    const prototype = controller.prototype as Record<string, () => unknown>;
    return this.scanner
      .getAllMethodNames(prototype)
      .map((name) => [name, prototype[name]] as const)
      .filter(([, method]) => method !== undefined && Reflect.hasMetadata(PATH_METADATA, method))
      .filter(
        ([, method]) => this.reflector.getAllAndOverride(ACCESS, [method as () => unknown, controller]) === undefined,
      )
      .map(([name]) => `${controller.name}.${name}`);
  }
}
