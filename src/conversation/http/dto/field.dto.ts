import { IsObject, IsUrl, ValidateBy, ValidateIf, type ValidationOptions } from 'class-validator';
import { buildMessage } from 'class-validator';

/** May be left out; unlike `IsOptional` it does not let `null` through. */
export const MayBeAbsent = (): PropertyDecorator => ValidateIf((_body, value) => value !== undefined);

/** May be left out or `null`. */
export const MayBeNull = (): PropertyDecorator => ValidateIf((_body, value) => value !== undefined && value !== null);

/** Metadata of one object, as JSON, in bytes (`sunco.md` 5). */
const METADATA_BYTES = 4_096;

/** Flat key-value data of at most 4096 bytes: values are strings, numbers or booleans. */
export function IsMetadata(options?: ValidationOptions): PropertyDecorator {
  return flat('isMetadata', ['string', 'number', 'boolean'], options);
}

/** The same in a PATCH, where `null` removes a key. */
export function IsMetadataPatch(options?: ValidationOptions): PropertyDecorator {
  return flat('isMetadataPatch', ['string', 'number', 'boolean', 'null'], options);
}

function flat(name: string, kinds: readonly string[], options?: ValidationOptions): PropertyDecorator {
  const validate = (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((entry) => kinds.includes(entry === null ? 'null' : typeof entry)) &&
    Buffer.byteLength(JSON.stringify(value)) <= METADATA_BYTES;
  const defaultMessage = buildMessage(
    (each) =>
      `${each}$property should be one flat object of strings, numbers and booleans, at most ${METADATA_BYTES} bytes`,
    options,
  );
  return (target, key) => {
    IsObject(options)(target, key);
    ValidateBy({ name, validator: { validate, defaultMessage } }, options)(target, key);
  };
}

/** An address of a medium. Hosts inside a private network are fine: we never fetch it. */
export const IsMediaUrl = (): PropertyDecorator =>
  IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false });

/** A rule about several fields of a body, told at the field it is declared on. */
export function Holds<Body extends object>(
  name: string,
  validate: (body: Body) => boolean,
  message: string,
): PropertyDecorator {
  return ValidateBy({
    name,
    validator: {
      validate: (_value, context) => validate(context?.object as Body),
      defaultMessage: () => message,
    },
  });
}
