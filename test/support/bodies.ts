import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, ModulesContainer } from '@nestjs/core';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage } from 'class-validator';

type Class = abstract new () => object;

/** A field that is read of a request's body: `POST /v2/apps/:appId/queues`, `overflow.queueId`. */
export interface BodyField {
  readonly route: string;
  readonly field: string;
  /** Whether it has fields of its own that are read; those follow. */
  readonly nested: boolean;
}

const BODY = 3;

/** Every field of every body, as the controllers' own classes of bodies have it: a new one is in it by itself. */
export function bodyFields(app: NestFastifyApplication): readonly BodyField[] {
  return new DiscoveryService(app.get(ModulesContainer))
    .getControllers()
    .flatMap(({ metatype }) => (metatype ? handlersOf(metatype as unknown as Class) : []))
    .flatMap(({ route, body }) => fieldsOf(body).map((one) => ({ route, ...one })));
}

function handlersOf(controller: Class): { readonly route: string; readonly body: Class }[] {
  const { prototype } = controller as { prototype: Record<string, object> };
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const handler = prototype[name] as object;
    const method: RequestMethod | undefined = name === 'constructor' ? undefined : meta(METHOD_METADATA, handler);
    const body = bodyOf(controller, prototype, name);
    if (method === undefined || body === null) return [];
    const parts = [meta<string>(PATH_METADATA, controller), meta<string>(PATH_METADATA, handler)];
    const path = parts.flatMap((part) => (part ?? '').split('/')).filter((part) => part !== '');
    return [{ route: `${RequestMethod[method]} /${path.join('/')}`, body }];
  });
}

function bodyOf(controller: Class, prototype: object, name: string): Class | null {
  const args = meta<Record<string, { readonly index: number }>>(ROUTE_ARGS_METADATA, controller, name) ?? {};
  const found = Object.entries(args).find(([key]) => key.startsWith(`${BODY}:`));
  const types = meta<Class[]>('design:paramtypes', prototype, name);
  return (found && types?.[found[1].index]) ?? null;
}

function fieldsOf(dto: Class): Omit<BodyField, 'route'>[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  const properties = [...new Set(rules.map(({ propertyName }) => propertyName))];
  return properties.flatMap((property) => {
    const type = defaultMetadataStorage.findTypeMetadata(dto, property);
    if (type === undefined) return [{ field: property, nested: false }];
    const subTypes = type.options.discriminator?.subTypes.map(({ value }) => value) ?? [];
    const inside = [type.typeFunction(), ...subTypes].flatMap((one) => fieldsOf(one));
    const unique = new Map(inside.map((one) => [one.field, one]));
    return [
      { field: property, nested: true },
      ...[...unique.values()].map(({ field, nested }) => ({ field: `${property}.${field}`, nested })),
    ];
  });
}

const meta = <T>(key: string, target: object, property?: string): T | undefined =>
  (property === undefined ? Reflect.getMetadata(key, target) : Reflect.getMetadata(key, target, property)) as
    | T
    | undefined;
