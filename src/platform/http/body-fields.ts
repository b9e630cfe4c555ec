import { Transform } from 'class-transformer';
import { IsObject, IsUrl, MaxLength, ValidateBy, ValidateIf, buildMessage } from 'class-validator';

/** May be left out; unlike `IsOptional` it does not let `null` through. */
export const MayBeAbsent = (): PropertyDecorator => ValidateIf((_body, value) => value !== undefined);

/** May be left out or `null`. */
export const MayBeNull = (): PropertyDecorator => ValidateIf((_body, value) => value !== undefined && value !== null);

/** Metadata: one flat object of strings, numbers and booleans. How large it may be is said of the merged whole. */
export const IsFlatData = (): PropertyDecorator => flat('isFlatData', ['string', 'number', 'boolean']);

/** The same in a PATCH, where `null` removes a key. */
export const IsFlatPatch = (): PropertyDecorator => flat('isFlatPatch', ['string', 'number', 'boolean', 'null']);

function flat(name: string, kinds: readonly string[]): PropertyDecorator {
  const validate = (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((entry) => kinds.includes(entry === null ? 'null' : typeof entry));
  const defaultMessage = buildMessage(
    (each) => `${each}$property must be one flat object of strings, numbers and booleans`,
  );
  return (target, key) => {
    // Copied as it came: class-transformer passes over keys such as `constructor`.
    Transform(({ obj }) => (obj as Record<string | symbol, unknown>)[key])(target, key);
    IsObject()(target, key);
    ValidateBy({ name, validator: { validate, defaultMessage } })(target, key);
  };
}

/** An http or https address, also of a host inside a private network; at most 2048 characters. */
export const IsWebAddress = (): PropertyDecorator => (target, key) => {
  IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })(target, key);
  MaxLength(2048)(target, key);
};
