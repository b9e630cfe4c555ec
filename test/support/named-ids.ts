import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, ModulesContainer } from '@nestjs/core';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage } from 'class-validator';

type Class = abstract new () => object;

/** A place in a request's body that names something: `POST /v2/apps/:appId/queues`, `overflow.queueId`. */
export interface NamedId {
  readonly route: string;
  readonly field: string;
}

/** Fields that name something without an `Id` at the end of their name. */
const NAMES = new Set(['switchboardIntegration', 'fallback']);
const names = (field: string): boolean => field === 'id' || /Ids?$/.test(field) || NAMES.has(field);

const BODY = 3;

/** Every place of every body, as the controllers' own classes of bodies have it: a new one is in it by itself. */
export function namedIds(app: NestFastifyApplication): readonly NamedId[] {
  return new DiscoveryService(app.get(ModulesContainer))
    .getControllers()
    .flatMap(({ metatype }) => (metatype ? handlersOf(metatype as unknown as Class) : []))
    .flatMap(({ route, body }) => fieldsOf(body).map((field) => ({ route, field })));
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

function fieldsOf(dto: Class): string[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  const properties = [...new Set(rules.map(({ propertyName }) => propertyName))];
  return properties.flatMap((property) => {
    const nested = defaultMetadataStorage.findTypeMetadata(dto, property);
    if (nested === undefined) return names(property) ? [property] : [];
    const subTypes = nested.options.discriminator?.subTypes.map(({ value }) => value) ?? [];
    const inside = [nested.typeFunction(), ...subTypes].flatMap((one) => fieldsOf(one));
    return [...new Set(inside)].map((field) => `${property}.${field}`);
  });
}

const meta = <T>(key: string, target: object, property?: string): T | undefined =>
  (property === undefined ? Reflect.getMetadata(key, target) : Reflect.getMetadata(key, target, property)) as
    | T
    | undefined;
