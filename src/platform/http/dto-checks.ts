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
  readonly optional: boolean;
  readonly nested: boolean;
  /** `ValidateIf`: the rules count only when all of these say so. */
  readonly conditions: readonly ((object: object, value: unknown) => boolean)[];
  readonly constraints: readonly Constraint[];
}

export function checkOf(property: string, rules: readonly Rule[]): Check {
  const conditional = rules.filter(({ type }) => type === 'conditionalValidation');
  const nested = rules.some(({ type }) => type === 'nestedValidation');
  const conditions = conditional.filter(({ name }) => name !== 'isOptional').map(({ constraints }) => constraints[0]);
  if (nested && conditions.length > 0) throw new Error(`${property}: a schema cannot say ValidateIf of a nested class`);
  return {
    property,
    optional: conditional.some(({ name }) => name === 'isOptional'),
    nested,
    conditions,
    constraints: rules.filter(({ type }) => type === 'customValidation').flatMap((rule) => constraintsOf(rule)),
  };
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
