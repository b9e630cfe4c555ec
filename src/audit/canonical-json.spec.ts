import { describe, expect, it } from '@jest/globals';
import { assert, jsonValue, property } from 'fast-check';
import { canonicalJson, type Json } from './canonical-json.js';

describe('canonical JSON', () => {
  it('sorts keys by UTF-16 units, numbers among them, at every depth', () => {
    const value = JSON.parse(
      '{"b":[{"z":1,"a":2}],"10":1,"9":2,"":0,"__proto__":3,"é":4,"a":{"d":null,"c":true}}',
    ) as Json;
    expect(canonicalJson(value)).toBe(
      '{"":0,"10":1,"9":2,"__proto__":3,"a":{"c":true,"d":null},"b":[{"a":2,"z":1}],"é":4}',
    );
  });

  it('writes numbers and strings as ECMAScript does', () => {
    expect(canonicalJson([1.0, -0, 1e21, 1e-7, '\u2028"\\\n', '😀'])).toBe('[1,0,1e+21,1e-7,"\u2028\\"\\\\\\n","😀"]');
  });

  it('has one form per value, whatever the order it was made in, and says the same value', () => {
    assert(
      property(jsonValue(), (value) => {
        const text = canonicalJson(value as Json);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(backwards(value as Json))).toBe(text);
      }),
    );
  });
});

function backwards(value: Json): Json {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(backwards);
  const entries = Object.entries(value).map(([key, member]) => [key, backwards(member)] as const);
  return Object.fromEntries(entries.toReversed());
}
