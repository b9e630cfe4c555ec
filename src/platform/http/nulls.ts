import 'reflect-metadata';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage } from 'class-validator';
import { PLAIN_METADATA } from './body-fields.js';
import { absenceOf } from './dto-checks.js';

type Dto = abstract new () => object;
type Body = Record<string, unknown>;

/** Where a class has fields in which `null` says nothing. */
interface Plan {
  /** May be absent and have no meaning for `null`. */
  readonly optional: readonly string[];
  /** Metadata that is no patch: a `null` in it removes nothing. */
  readonly metadata: readonly string[];
  readonly nested: readonly { readonly property: string; readonly of: (value: object) => Dto }[];
}

const plans = new WeakMap<Dto, Plan>();

/**
 * Takes out of a body every `null` that can only mean "nothing here": clients that were generated for Java and C# send
 * one for each field that was not set. Where the class gives `null` a meaning (`MayBeNull`, a metadata patch) it stays,
 * and so does one where a value is required, to be refused.
 */
export function dropNulls(dto: Dto, body: unknown): void {
  if (!isRecord(body)) return;
  const { optional, metadata, nested } = planOf(dto);
  for (const name of optional) if (Object.hasOwn(body, name) && body[name] === null) delete body[name];
  for (const name of metadata) dropValues(body[name]);
  for (const { property, of } of nested) {
    const value = body[property];
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value])
      if (isRecord(item)) dropNulls(of(item), item);
  }
}

function dropValues(metadata: unknown): void {
  if (!isRecord(metadata)) return;
  for (const [key, value] of Object.entries(metadata)) if (value === null) delete metadata[key];
}

function planOf(dto: Dto): Plan {
  const known = plans.get(dto);
  if (known !== undefined) return known;
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  const namesOf = (chosen: typeof rules): string[] => [...new Set(chosen.map((rule) => rule.propertyName))];
  const absences = rules.filter(({ type }) => type === 'conditionalValidation');
  const clears = namesOf(absences.filter((rule) => absenceOf(rule) === 'null'));
  const plan: Plan = {
    optional: namesOf(absences.filter((rule) => absenceOf(rule) === 'absent')).filter((name) => !clears.includes(name)),
    metadata: namesOf(rules.filter(({ name }) => name !== undefined && PLAIN_METADATA.includes(name))),
    nested: namesOf(rules.filter(({ type }) => type === 'nestedValidation')).map((property) => ({
      property,
      of: (value) => classOf(dto, property, value),
    })),
  };
  plans.set(dto, plan);
  return plan;
}

/** As class-transformer chooses it. */
function classOf(dto: Dto, property: string, value: object): Dto {
  const found = defaultMetadataStorage.findTypeMetadata(dto, property);
  if (found === undefined) throw new Error(`${dto.name}.${property} needs @Type(() => Class)`);
  const { discriminator } = found.options;
  const named = discriminator && (value as Body)[discriminator.property];
  return discriminator?.subTypes.find(({ name }) => name === named)?.value ?? found.typeFunction();
}

const isRecord = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
