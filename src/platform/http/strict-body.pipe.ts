import { Injectable, ValidationPipe, type ArgumentMetadata, type ValidationError } from '@nestjs/common';
import { unknownNames } from './body-names.js';
import { isOfOurs, verdictOf } from './checked-bodies.js';
import { InvalidInput } from './invalid-input.js';
import { dropNulls } from './nulls.js';
import { faultTitle, missingTitle } from './titles.js';

/**
 * Holds bodies against their DTO class. Fields that the class does not name are dropped in bodies of the public API
 * (ADR 0012) and refused in ours (ADR 0047), and `null`s that say nothing are dropped; several faults are told at once. A body that the route's schema has judged
 * already is not judged again.
 */
@Injectable()
export class StrictBodyPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidUnknownValues: true,
      validationError: { target: false, value: true },
      exceptionFactory: (errors) => InvalidInput.of(errors.flatMap((error) => titlesOf(error))),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'body') {
      const verdict = verdictOf(value);
      if (verdict instanceof InvalidInput) throw verdict;
      if (verdict === 'valid') return value;
      if (value !== undefined && !isRecord(value)) throw new InvalidInput(['The body should be object']);
      if (metadata.metatype !== undefined) dropNulls(metadata.metatype as new () => object, value);
      const unknown = unknownNames(metadata.metatype ?? Object, value, isOfOurs(value));
      if (unknown.length > 0) throw InvalidInput.of([...unknown, ...(await this.faultsOf(value, metadata))]);
    }
    return this.checked(value, metadata);
  }

  private checked(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    return super.transform(value, metadata).catch((error: unknown) => {
      // class-transformer reads the discriminator of an item before anybody checked that it is an object.
      throw error instanceof TypeError && metadata.type === 'body' ? InvalidInput.of([]) : error;
    });
  }

  private async faultsOf(value: unknown, metadata: ArgumentMetadata): Promise<readonly string[]> {
    try {
      await this.checked(value, metadata);
      return [];
    } catch (error) {
      if (error instanceof InvalidInput) return error.titles;
      throw error;
    }
  }
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** In the words of the wire: "should have required property 'displayName'", "content.text should be a string". */
function titlesOf(error: ValidationError, parent = ''): string[] {
  const path = parent === '' ? error.property : `${parent}.${error.property}`;
  const nested = (error.children ?? []).flatMap((child) => titlesOf(child, path));
  const messages = Object.values(error.constraints ?? {});
  if (messages.length > 0 && error.value === undefined) return [missingTitle(error.property, parent)];
  return [...messages.map((message) => faultTitle(message, error.property, path)), ...nested];
}
