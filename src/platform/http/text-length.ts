import { ValidateBy, buildMessage, type ValidationOptions } from 'class-validator';
import { isWithin, lengthSaid, type Limits } from '../../kernel/index.js';

/** A text of so many characters; class-validator's own rule of this name counts in a unit of its own. */
export const Length = (least: number, most: number, options?: ValidationOptions): PropertyDecorator =>
  hasLength({ least, most }, options);

/** The same without a least. */
export const MaxLength = (most: number, options?: ValidationOptions): PropertyDecorator =>
  hasLength({ least: 0, most }, options);

const hasLength = (limits: Limits, options?: ValidationOptions): PropertyDecorator =>
  ValidateBy(
    {
      name: 'hasLength',
      constraints: [limits.least, limits.most],
      validator: {
        validate: (value) => typeof value === 'string' && isWithin(value, limits),
        defaultMessage: buildMessage((each) => `${each}$property must have ${lengthSaid(limits)}`, options),
      },
    },
    options,
  );
