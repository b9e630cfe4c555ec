import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { types } from 'pg';
import { arrayLiteral } from './array-literal.js';

const TEXT_ARRAY = 1009;
const parse = types.getTypeParser(TEXT_ARRAY as never) as (literal: string) => (string | null)[];

describe('array literals', () => {
  it('writes each kind of item as PostgreSQL reads it', () => {
    expect(arrayLiteral([])).toBe('{}');
    expect(arrayLiteral(['a', 'NULL', '', '{}', 'b,c', 'say "x"', 'back\\slash'])).toBe(
      String.raw`{"a","NULL","","{}","b,c","say \"x\"","back\\slash"}`,
    );
    expect(arrayLiteral([1, -2.5, 3n, true, false, null, undefined])).toBe('{1,-2.5,3,t,f,NULL,NULL}');
    expect(arrayLiteral([new Date(0)])).toBe('{"1970-01-01T00:00:00.000Z"}');
  });

  it('leaves to the driver what only the driver can write', () => {
    expect(arrayLiteral([Buffer.from('a')])).toBeNull();
    expect(arrayLiteral(['a', { b: 1 }])).toBeNull();
    expect(arrayLiteral([['nested']])).toBeNull();
  });

  it('is read back as it was, whatever the text', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.constantFrom('NULL', 'null', '"', '\\', '{,}'));
    fc.assert(
      fc.property(fc.array(fc.option(text)), (items) => {
        expect(parse(arrayLiteral(items) ?? '')).toEqual(items);
      }),
    );
  });
});
