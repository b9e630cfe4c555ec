import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { digestOf, matches, newKeySecret, newWebhookSecret, SecretBox } from './index.js';

const box = new SecretBox(randomBytes(32));

describe('secrets at rest', () => {
  it('open where they were sealed, whatever they say', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (secret, place) => {
        expect(box.openText(box.seal(secret, place), place)).toBe(Buffer.from(secret).toString('utf8'));
      }),
    );
  });

  it('do not open elsewhere, under another key, or with any bit changed', () => {
    const sealed = box.seal('secret', 'app one');
    expect(() => box.open(sealed, 'app two')).toThrow();
    expect(() => new SecretBox(randomBytes(32)).open(sealed, 'app one')).toThrow('another master key');
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => box.open(changed, 'app one')).toThrow();
    }
    for (let length = 0; length < sealed.length; length++) {
      expect(() => box.open(sealed.subarray(0, length), 'app one')).toThrow();
    }
  });

  it('never look alike and never show what they hold', () => {
    const sealed = Array.from({ length: 100 }, () => box.seal('the secret', 'app'));
    expect(new Set(sealed.map((one) => one.toString('hex'))).size).toBe(100);
    for (const one of sealed) expect(one.includes('the secret')).toBe(false);
  });

  it('refuse a master key of another length', () => {
    expect(() => new SecretBox(randomBytes(31))).toThrow('32 bytes');
  });
});

describe('fresh secrets and their comparison', () => {
  it('have the form of the wire', () => {
    expect(newKeySecret()).toMatch(/^[A-Za-z0-9_-]{86}$/);
    expect(newWebhookSecret()).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(Array.from({ length: 100 }, newKeySecret)).size).toBe(100);
  });

  it('match themselves alone', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (secret, guess) => {
        expect(matches(digestOf(secret), guess)).toBe(secret === guess);
      }),
    );
  });
});
