import { Ajv, type Options } from 'ajv';
import { schemaFailure, schemaOptions } from '../../src/platform/http/dto-keyword.js';
import { dtoSchema } from '../../src/platform/http/dto-schema.js';
import { InvalidInput } from '../../src/platform/http/invalid-input.js';
import { StrictBodyPipe } from '../../src/platform/http/strict-body.pipe.js';

/** What a reader makes of a body: the value it hands on, or what it finds wrong. */
export type Reading = { readonly value: unknown } | { readonly titles: readonly string[] };

type Dto = new () => object;

/** Reads bodies as a route without a schema does, and as a route with one does. A hot route needs both to agree. */
export function twoReaders(dto: Dto): (body: unknown) => Promise<{ readonly pipe: Reading; readonly schema: Reading }> {
  const pipe = new StrictBodyPipe();
  const ajv = new Ajv(schemaOptions.customOptions as Options);
  for (const plugin of (schemaOptions.plugins ?? []) as ((ajv: Ajv) => unknown)[]) plugin(ajv);
  const validate = ajv.compile(dtoSchema(dto));
  return async (body) => {
    const text = JSON.stringify(body);
    const copy: unknown = JSON.parse(text);
    return {
      pipe: await pipe.transform(JSON.parse(text), { type: 'body', metatype: dto }).then(
        (value: unknown) => ({ value: JSON.parse(JSON.stringify(value)) as unknown }),
        (error: unknown) => ({ titles: titlesOf(error) }),
      ),
      schema: validate(copy) ? { value: copy } : { titles: schemaFailure(validate.errors ?? []).titles },
    };
  };
}

function titlesOf(error: unknown): readonly string[] {
  if (error instanceof InvalidInput) return error.titles;
  throw error;
}
