import { Transform } from 'class-transformer';
import { IsObject, ValidateBy, ValidateIf, buildMessage } from 'class-validator';
import { MaxLength } from './text-length.js';
import { METADATA_BYTES } from '../../kernel/index.js';

/** May be left out. A `null` is taken for that before anybody judges the body (`dropNulls`), and never let through. */
export const MayBeAbsent = (): PropertyDecorator => ValidateIf((_body, value) => value !== undefined);

/**
 * May be left out, which means the most or the least guarded; so a `null` is refused, not taken for that as in other
 * fields. The condition reads the body, by which both readers of bodies tell it from `MayBeAbsent`.
 */
export const NeverNull = (): PropertyDecorator => (target, key) =>
  ValidateIf((body: Record<string, unknown>) => body[key as string] !== undefined)(target, key);

/** May be left out, or `null`, which has a meaning of its own: it clears. */
export const MayBeNull = (): PropertyDecorator => ValidateIf((_body, value) => value !== undefined && value !== null);

type Kind = 'string' | 'number' | 'boolean' | 'null';

const VALUES: readonly Kind[] = ['string', 'number', 'boolean'];

/** The rules of metadata that is no patch. */
export const PLAIN_METADATA: readonly string[] = ['isMetadata', 'isFlatData'];

/**
 * Metadata of one object that is stored as it came: flat, at most 4096 bytes as JSON (`docs/wire.md` 5). Fit for the
 * schema of a hot route (`dtoSchema`).
 */
export const IsMetadata = (): PropertyDecorator => flat('isMetadata', VALUES, METADATA_BYTES);

/** The same in a PATCH, where `null` removes a key. */
export const IsMetadataPatch = (): PropertyDecorator => flat('isMetadataPatch', [...VALUES, 'null'], METADATA_BYTES);

/** Metadata whose size is said of the merged whole (`limitedMetadata`). Not fit for a schema. */
export const IsFlatData = (): PropertyDecorator => verbatim(flat('isFlatData', VALUES));

/** The same in a PATCH, where `null` removes a key. */
export const IsFlatPatch = (): PropertyDecorator => verbatim(flat('isFlatPatch', [...VALUES, 'null']));

function flat(name: string, kinds: readonly Kind[], mostBytes?: number): PropertyDecorator {
  const validate = (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((entry) => kinds.includes(entry === null ? 'null' : (typeof entry as Kind))) &&
    (mostBytes === undefined || Buffer.byteLength(JSON.stringify(value)) <= mostBytes);
  const limit = mostBytes === undefined ? '' : `, at most ${mostBytes} bytes`;
  const defaultMessage = buildMessage(
    (each) => `${each}$property must be one flat object of strings, numbers and booleans${limit}`,
  );
  return (target, key) => {
    IsObject()(target, key);
    ValidateBy({ name, validator: { validate, defaultMessage } })(target, key);
  };
}

/** Copied as it came: class-transformer passes over keys such as `constructor`. */
const verbatim =
  (rule: PropertyDecorator): PropertyDecorator =>
  (target, key) => {
    Transform(({ obj }) => (obj as Record<string | symbol, unknown>)[key])(target, key);
    rule(target, key);
  };

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

/** A text of which something is to be seen: blanks and invisible characters alone say nothing. */
export const SaysSomething = (): PropertyDecorator =>
  ValidateBy({
    name: 'saysSomething',
    validator: {
      validate: (value) => typeof value === 'string' && isVisible(value),
      defaultMessage: buildMessage((each) => `${each}$property must have a visible character`),
    },
  });

/** Separators, control and format characters, and what fonts leave blank: Hangul fillers, the empty Braille pattern. */
const INVISIBLE = /^[\s\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

export const isVisible = (text: string): boolean => !INVISIBLE.test(text);

/**
 * An http or https address as URLs are written: also of a host with `_`, with a dot at its end or inside a private
 * network; at most 2048 characters. Whether we call it is decided where it is called.
 */
export const IsWebAddress = (): PropertyDecorator => (target, key) => {
  IsWebAddressOfAnyLength()(target, key);
  MaxLength(2048)(target, key);
};

/** The same where the wire sets no limit: signed addresses of file stores are long. */
export const IsWebAddressOfAnyLength = (): PropertyDecorator =>
  ValidateBy({
    name: 'isWebAddress',
    validator: {
      validate: isWebAddress,
      defaultMessage: buildMessage((each) => `${each}$property must be a URL that begins with http:// or https://`),
    },
  });

const isWebAddress = (value: unknown): boolean =>
  typeof value === 'string' && /^https?:\/\/[^\s\p{C}]+$/iu.test(value) && URL.canParse(value);
