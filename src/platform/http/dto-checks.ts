import { getMetadataStorage, type ValidationArguments } from 'class-validator';

export type Rule = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

/** One rule of a property, ready to be called. */
export interface Constraint {
  readonly name: string;
  readonly each: boolean;
  readonly values: readonly unknown[];
  /** `null`: it holds; else what is wrong. */
  readonly fault: (value: unknown, object: object) => string | null;
}

/** All rules of one property. */
export interface Check {
  readonly property: string;
  /** Whether the property may be left out, or also be `null`. */
  readonly absence: 'refused' | 'absent' | 'null';
  readonly nested: boolean;
  /** Conditions that read more than whether there is a value: the rules count only when all of them say so. */
  readonly conditions: readonly Condition[];
  readonly constraints: readonly Constraint[];
}

type Condition = (object: object, value: unknown) => boolean;

export function checkOf(property: string, rules: readonly Rule[]): Check {
  const conditional = rules.filter(({ type }) => type === 'conditionalValidation');
  const absences = conditional.map((rule) => absenceOf(rule));
  const conditions = conditional.filter((_, index) => absences[index] === 'refused').map(conditionOf);
  const nested = rules.some(({ type }) => type === 'nestedValidation');
  if (nested && conditions.length > 0) throw new Error(`${property}: a nested class cannot depend on other fields`);
  return {
    property,
    absence: absences.find((absence) => absence !== 'refused') ?? 'refused',
    nested,
    conditions,
    constraints: rules.filter(({ type }) => type === 'customValidation').flatMap((rule) => constraintsOf(rule)),
  };
}

/** `refused`: the condition is about something else. Found by asking it about values, with an object it must not read. */
export function absenceOf(rule: Rule): Check['absence'] {
  if (rule.name === 'isOptional') return 'null';
  const unread = new Proxy({}, { get: () => fail(), has: () => fail() });
  try {
    const applies = (value: unknown): boolean => conditionOf(rule)(unread, value);
    if (applies(undefined) || !['', 'text', 0, 1, false, true, [], {}].every(applies)) return 'refused';
    return applies(null) ? 'absent' : 'null';
  } catch {
    return 'refused';
  }
}

function conditionOf(rule: Rule): Condition {
  return rule.constraints[0] as Condition;
}

function fail(): never {
  throw new Error('the condition reads other fields');
}

function constraintsOf(rule: Rule): Constraint[] {
  return getMetadataStorage()
    .getTargetValidatorConstraints(rule.constraintCls)
    .map(({ instance, async, name }) => {
      if (async) throw new Error(`${rule.propertyName}: a schema cannot wait for ${name}`);
      const argumentsOf = (value: unknown, object: object): ValidationArguments => ({
        targetName: object.constructor.name,
        property: rule.propertyName,
        object,
        value,
        constraints: rule.constraints ?? [],
      });
      const fault = (value: unknown, object: object): string | null => {
        const about = argumentsOf(value, object);
        const ok =
          rule.each && Array.isArray(value)
            ? value.every((item) => instance.validate(item, about))
            : instance.validate(value, about);
        return ok ? null : worded(rule, instance.defaultMessage?.(about), about);
      };
      return { name: rule.name ?? name, each: rule.each, values: rule.constraints ?? [], fault };
    });
}

/** class-validator's own message, its marks filled in. */
function worded(rule: Rule, fallback: string | undefined, about: ValidationArguments): string {
  const given = rule.message as string | ((about: ValidationArguments) => string) | undefined;
  const message = (typeof given === 'function' ? given(about) : given) ?? fallback ?? `${about.property} is not valid`;
  return about.constraints.reduce<string>(
    (text, value, index) => text.replaceAll(`$constraint${index + 1}`, String(value)),
    message.replaceAll('$property', about.property),
  );
}
