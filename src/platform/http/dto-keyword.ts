import type { FastifyServerOptions } from 'fastify';
import type { Check } from './dto-checks.js';
import { InvalidInput } from './invalid-input.js';
import { dropNulls } from './nulls.js';
import { faultTitle, missingTitle } from './titles.js';

/** The part of Ajv that its plugins are given. */
interface Validator {
  addKeyword(definition: object): unknown;
}

interface Fault {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

interface Judge {
  (checks: readonly Check[], data: object, parent: unknown, at: { readonly instancePath: string }): boolean;
  errors?: Partial<Fault>[];
}

/** The keyword `holds` on an object: class-validator's own functions, called for each property. */
const judge: Judge = (checks, data) => {
  judge.errors = checks.flatMap((check) => faultsOf(check, data));
  return judge.errors.length === 0;
};

function faultsOf({ property, absence, conditions, constraints }: Check, data: object): Partial<Fault>[] {
  const value: unknown = Object.hasOwn(data, property) ? (data as Record<string, unknown>)[property] : undefined;
  if (value === undefined ? absence !== 'refused' : value === null && absence === 'null') return [];
  if (!conditions.every((applies) => applies(data, value))) return [];
  const faults = constraints.map(({ fault }) => fault(value, data)).filter((message) => message !== null);
  if (value === undefined && faults.length > 0) return [{ keyword: 'required', params: { missingProperty: property } }];
  return faults.map((message) => ({ keyword: 'holds', message, params: { property } }));
}

/** The keyword `dropsNulls` at the root of a body: before any of its fields is judged. */
const nullsDropped = ([dto]: readonly (abstract new () => object)[], body: object): boolean => {
  if (dto !== undefined) dropNulls(dto, body);
  return true;
};

/**
 * How Fastify compiles schemas: nothing is coerced or filled in; fields that a DTO does not name are dropped, as the
 * pipe does; every fault is found.
 */
export const schemaOptions: NonNullable<FastifyServerOptions['ajv']> = {
  customOptions: { coerceTypes: false, useDefaults: false, removeAdditional: true, allErrors: true, strict: false },
  plugins: [
    (ajv: Validator) =>
      ajv.addKeyword({ keyword: 'holds', type: 'object', schemaType: 'array', errors: true, validate: judge }),
    (ajv: Validator) =>
      ajv.addKeyword({
        keyword: 'dropsNulls',
        type: 'object',
        schemaType: 'array',
        before: 'properties',
        modifying: true,
        errors: false,
        validate: nullsDropped,
      }),
  ] as never,
};

/** Tells a schema's faults in the words the pipe uses. */
export function schemaFailure(faults: readonly Fault[]): InvalidInput {
  return InvalidInput.of(faults.filter(({ keyword }) => keyword !== 'if').map(titleOf));
}

function titleOf({ instancePath, keyword, message = 'is not valid', params = {} }: Fault): string {
  const parent = instancePath.slice(1).replaceAll('/', '.');
  if (keyword === 'required') return missingTitle(String(params['missingProperty']), parent);
  if (keyword !== 'holds') return `${parent === '' ? 'The body' : parent} ${message.replace('must ', 'should ')}`;
  const property = String(params['property']);
  return faultTitle(message, property, parent === '' ? property : `${parent}.${property}`);
}
